import { useState } from "preact/hooks";
import { calledIn, isNamed, keys, version } from "./case";
import type { Problem, SourceHead } from "./model";
import { Problems, Tag, useTold } from "./parts";
import { Proposals } from "./proposals";
import { link, route } from "./route";
import { get, post, Refusal, sendDocuments } from "./server";
import { Source } from "./source";
import { AddEvidence } from "./start";
import { t } from "./words";

export function Read() {
  const { told, problems } = useTold(() => get<{ sources: SourceHead[] }>("/sources"), [version()]);
  const [refused, setRefused] = useState<Problem[]>([]);
  const [second, setSecond] = useState("");
  const [drafted, setDrafted] = useState(0); // how often the rules were asked to read
  const [news, setNews] = useState("");
  const [who, setWho] = useState(""); // the party whom a text means by `we`
  const we = keys("parties").includes(who) ? who : "";
  const propose = async (source: string) => {
    setNews(t("drafting"));
    try {
      const made = await post<{ new: number; notes: string[] }>("/draft", { source, speaker: we });
      setNews([t("drafted_n", { n: made.new }), ...made.notes].join(" "));
      setRefused([]);
      setDrafted(drafted + 1);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setNews("");
      setRefused(error.problems);
    }
  };
  const sources = told?.sources ?? [];
  const shown = sources.find((each) => each.name === route.value[1]) ?? sources[0];
  const name = shown?.name;
  const beside = sources.some((each) => each.name === second) && second !== name ? second : "";
  return (
    <div class="screen">
      <h1>{t("nav_read")}</h1>
      <Problems problems={[...problems, ...refused]} />
      <div class="tabs" role="group" aria-label={t("section_sources")}>
        {sources.map((each) => (
          <a key={each.name} href={link("read", each.name)} aria-current={each.name === name ? "true" : undefined}>
            {each.title || each.name} <span class="quiet">{each.claims}</span>
            {each.at_hand ? null : <Tag kind="none">{t("no_text")}</Tag>}
          </a>
        ))}
      </div>
      <div class="tools-of">
        <label class="button">
          {t("add_document")}
          <input
            type="file"
            class="unseen"
            multiple
            accept=".txt,.md,.html,.htm,.pdf,.docx"
            onChange={async (event) => setRefused(await sendDocuments((event.target as HTMLInputElement).files))}
          />
        </label>
        <AddEvidence refused={setRefused} />
        {shown?.at_hand ? (
          <button type="button" onClick={() => void propose(shown.name)}>
            {t("propose")}
          </button>
        ) : null}
        {shown?.says_we && keys("parties").some(isNamed) ? (
          <label>
            {t("says_we")}{" "}
            <select value={we} onChange={(event) => setWho((event.target as HTMLSelectElement).value)}>
              <option value="">{t("says_we_open")}</option>
              {keys("parties")
                .filter(isNamed)
                .map((each) => (
                  <option key={each} value={each}>
                    {calledIn("parties", each)}
                  </option>
                ))}
            </select>
          </label>
        ) : null}
        {sources.length > 1 ? (
          <select aria-label={t("beside")} value={beside} onChange={(event) => setSecond((event.target as HTMLSelectElement).value)}>
            <option value="">{t("beside")}</option>
            {sources
              .filter((each) => each.name !== name)
              .map((each) => (
                <option key={each.name} value={each.name}>
                  {each.title || each.name}
                </option>
              ))}
          </select>
        ) : null}
      </div>
      <p class="quiet" role="status">
        {news}
      </p>
      <Proposals drafted={drafted} />
      {name ? null : <p class="note">{t("no_sources")}</p>}
      <div class={beside ? "pair" : ""}>
        {name ? <Source key={`${name}${drafted}`} name={name} /> : null}
        {beside ? <Source key={`beside-${beside}`} name={beside} /> : null}
      </div>
    </div>
  );
}
