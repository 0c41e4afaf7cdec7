import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { calledIn, file, isNamed, keys } from "./case";
import { type Around, type Drafted, inWholeWords, NewClaim, wordsAround } from "./claiming";
import { freeFrom, paragraphs, partyIn, screenOf, unitsOf, valueAt } from "./logic";
import type { ClaimAt, Entry, Problem, Quote, SourceHead, SourceText } from "./model";
import { Problems, Tag, useTold, words } from "./parts";
import { Proposals, speaker } from "./proposals";
import { go, link, route } from "./route";
import { edit, get, post, Refusal, send, sheet } from "./server";
import { AddEvidence } from "./start";
import { t } from "./words";

const version = () => sheet.value?.version ?? 0;

function Claim({ claim }: { claim: ClaimAt }) {
  const said = claim.claim;
  const chain = [
    [t("author"), words(said.author_holds) || "certain"],
    ...(Array.isArray(said.chain) ? said.chain : []).map((each) => [words((each as Entry).who), words((each as Entry).holds) || "certain"]),
    ...(claim.said_by_author ? [] : [[speaker(words(said.says)), words(said.source_holds) || "certain"]]),
  ];
  return (
    <article class="claim" id="claim" aria-label={claim.name}>
      <h3>
        <code>{claim.name}</code> {words(said.gloss)}
      </h3>
      {said.quote ? <blockquote dir="auto">“{words(said.quote)}”</blockquote> : null}
      <p>
        <Tag kind={claim.status}>{t(`quote_${claim.status}`)}</Tag>
        {said.hedge ? (
          <span class="quiet">
            {" "}
            {t("hedged_by")} <em>{words(said.hedge)}</em>
          </span>
        ) : null}
        {said.condition ? (
          <span class="quiet">
            {" "}
            · {t("on_condition")} <em>{words(said.condition)}</em>
          </span>
        ) : null}
      </p>
      <ol class="chain" aria-label={t("chain")}>
        {chain.map(([who, holds]) => (
          <li key={who}>
            {who} <Tag kind={holds === "certain" ? "stated" : "reported"}>{t(`choice_${holds}`)}</Tag>
          </li>
        ))}
      </ol>
      {said.via && said.via !== said.says ? <p class="quiet">{speaker(words(said.via))}</p> : null}
      <Against name={claim.name} said={said} />
      <h4>{t("leans_on_it", { n: claim.lines.length })}</h4>
      <ul>
        {claim.lines.map((at) => (
          <li key={at}>
            <a href={screenOf(at, sheet.value?.file ?? null)}>
              <code>{at}</code>
            </a>{" "}
            {about(at)}
          </li>
        ))}
      </ul>
      <p class="links">
        <a href={link("build", "claims", claim.name)}>{t("edit_claim")}</a>{" "}
        <button type="button" class="small" onClick={() => void makeOf(claim, "levers")}>
          {t("lever_of_claim")}
        </button>{" "}
        <button type="button" class="small" onClick={() => void makeOf(claim, "wants")}>
          {t("want_of_claim")}
        </button>
      </p>
    </article>
  );
}
/** A lever or a want that rests on a claim, of the party that it speaks of; its form opens, or asks first what is wanted. */
async function makeOf(claim: ClaimAt, what: "levers" | "wants"): Promise<void> {
  const gloss = words(claim.claim.gloss);
  const party = partyIn([gloss, words(claim.claim.quote), words(claim.claim.says)], (file().parties ?? {}) as Record<string, Entry>);
  if (!party) {
    go("build", "parties");
    return;
  }
  if (what === "wants") {
    go("build", "wants", party, "of", claim.name);
    return;
  }
  const name = freeFrom(gloss, keys("levers"), "lever", `${party}.`);
  if (!(await edit([{ op: "set", at: ["levers", name], value: { is: gloss, now: "no", because: [claim.name] } }])).length)
    go("build", "levers", name);
}

/** Claims that cannot both be so, shown against each other. */
function Against({ name, said }: { name: string; said: Entry }) {
  const all = (sheet.value?.file?.claims ?? {}) as Record<string, Entry>;
  const named = (value: Entry[string] | undefined) => (Array.isArray(value) ? value.map(words) : value ? [words(value)] : []);
  const against = [...new Set([...named(said.denies), ...Object.keys(all).filter((each) => named(all[each]?.denies).includes(name))])];
  if (!against.length) return null;
  return (
    <>
      <h4>{t("denies")}</h4>
      <ul>
        {against.map((each) => (
          <li key={each}>
            <a href={link("read", words(all[each]?.source), each)}>
              <code>{each}</code>
            </a>{" "}
            {words(all[each]?.gloss)}
            {all[each]?.quote ? (
              <blockquote dir="auto">
                “{words(all[each]?.quote)}” – {words(all[each]?.says) || t("author")}
              </blockquote>
            ) : null}
          </li>
        ))}
      </ul>
    </>
  );
}
function about(at: string): string {
  const file = sheet.value?.file ?? null;
  const value = valueAt(
    file ?? undefined,
    screenOf(at, file)
      .replace("#/build/", "")
      .split("/")
      .map(decodeURIComponent)
      .map((each) => (/^\d+$/.test(each) ? Number(each) : each)),
  );
  const entry = (typeof value === "object" && value !== null && !Array.isArray(value) ? value : {}) as Entry;
  return words(entry.is ?? entry.that ?? entry.claim ?? entry.name ?? "");
}

const LINES = 400; // lines that are put on the page at once; more as one scrolls

function Source({ name }: { name: string }) {
  const { told, problems } = useTold(() => get<SourceText>(`/source/${encodeURIComponent(name)}`), [name, version()]);
  const [open, setOpen] = useState<string | null>(route.value[2] ?? null);
  const [draft, setDraft] = useState<Drafted | null>(null);
  useEffect(() => {
    if (route.value[1] === name && route.value[2]) setOpen(route.value[2]); // a link to another claim of the source
  }, [route.value]);
  const text = useRef<HTMLDivElement>(null);
  const [n, setN] = useState(LINES);
  const foot = useRef<HTMLDivElement>(null);
  const cut = useMemo(() => {
    if (!told?.text) return [];
    const stands = told.claims.filter((each) => each.start !== null && each.end !== null);
    const all = [...stands.map((each) => ({ name: each.name, start: each.start ?? 0, end: each.end ?? 0 })), ...told.proposed];
    const at = unitsOf(
      told.text,
      all.flatMap((each) => [each.start, each.end]),
    );
    const marks = all.map((each, k) => ({ name: each.name, start: at[2 * k] ?? 0, end: at[2 * k + 1] ?? 0 }));
    return paragraphs(told.text, marks);
  }, [told]);
  useEffect(() => {
    if (!foot.current) return;
    const watch = new IntersectionObserver(
      (seen) => {
        if (seen.some((each) => each.isIntersecting)) setN((now) => now + LINES);
      },
      { rootMargin: "1500px" },
    );
    watch.observe(foot.current);
    return () => watch.disconnect();
  }, [told]);
  const line = cut.findIndex((each) => each.some((piece) => open !== null && piece.claims.includes(open)));
  const brought = useRef<string | null>(null); // the claim whose mark was brought into sight: an edit brings nobody back to it
  useEffect(() => {
    if (line < 0 || brought.current === open) return;
    if (line >= n) {
      setN(line + LINES);
      return;
    }
    brought.current = open;
    const [mark, holder] = [document.getElementById(`mark-${open}`), text.current?.getBoundingClientRect()];
    const at = mark?.getBoundingClientRect();
    if (at && holder && (at.top < holder.top || at.bottom > holder.bottom)) mark?.scrollIntoView({ block: "center" });
  }, [open, line, n]);
  if (!told) return <Problems problems={problems} />;
  const claims = Object.fromEntries(told.claims.map((each) => [each.name, each]));
  const chosen = open ? claims[open] : undefined;
  const selected = async () => {
    const range = getSelection();
    if (range?.rangeCount && !range.isCollapsed && text.current?.contains(range.anchorNode)) inWholeWords(range.getRangeAt(0));
    const quote = range?.toString().trim().replace(/\s+/g, " ") ?? "";
    if (!quote || !range?.anchorNode || !text.current?.contains(range.anchorNode)) return;
    const ask = async (around: Around): Promise<Quote> => {
      try {
        return await post<Quote>("/quote", { source: name, quote, ...around });
      } catch (error) {
        if (error instanceof Refusal) return { ok: false, problems: error.problems, read: {}, words: 0 };
        throw error;
      }
    };
    const near = wordsAround(range.getRangeAt(0));
    const alone = await ask({});
    let drafted: Drafted = { source: name, quote, told: alone, around: {} };
    for (const around of alone.ok ? [] : near) {
      const told = await ask(around);
      if (told.ok) {
        drafted = { source: name, quote, told, around };
        break;
      }
    }
    setDraft(drafted);
  };
  return (
    <div class={told.text === null ? "reading without" : "reading"}>
      <div>
        {told.text === null ? (
          <p class="note">{t("not_at_hand")}</p>
        ) : (
          <div
            class="source"
            ref={text}
            role="document"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: the text scrolls and is selected by the keyboard
            tabIndex={0}
            aria-label={name}
            onMouseUp={() => void selected()}
            onKeyUp={(event) => {
              if (event.shiftKey || event.key === "Enter") void selected();
            }}
          >
            {cut.slice(0, n).map((line, k) => (
              <p key={k} dir="auto">
                {line.map((piece, m) =>
                  piece.claims.length ? (
                    <Mark
                      key={`${k}.${m}`}
                      claims={piece.claims.map((each) => claims[each]).filter((each): each is ClaimAt => each !== undefined)}
                      proposed={piece.claims.find((each) => !(each in claims))}
                      text={piece.text}
                      open={open}
                      choose={setOpen}
                    />
                  ) : (
                    piece.text
                  ),
                )}
                {line.length ? null : "\u00a0"}
              </p>
            ))}
            {n < cut.length ? (
              <div ref={foot} class="quiet">
                …
              </div>
            ) : null}
          </div>
        )}
      </div>
      <aside aria-live="polite" class="beside">
        {draft ? (
          <NewClaim
            draft={draft}
            close={(made) => {
              setDraft(null);
              if (made) setOpen(made);
            }}
          />
        ) : null}
        {chosen ? <Claim claim={chosen} /> : !draft && told.text !== null ? <p class="quiet">{t("read_hint")}</p> : null}
        <details open={told.text === null}>
          <summary>{t("all_claims", { n: told.claims.length })}</summary>
          <ul class="claims">
            {told.claims.map((each) => (
              <li key={each.name}>
                <button type="button" class="plain" aria-pressed={open === each.name} onClick={() => setOpen(each.name)}>
                  <code>{each.name}</code> {words(each.claim.gloss)}
                </button>
                {each.hedged ? <Tag kind="reported">{t("hedged")}</Tag> : null}
              </li>
            ))}
          </ul>
        </details>
      </aside>
    </div>
  );
}

function Mark({
  claims,
  proposed,
  text,
  open,
  choose,
}: {
  claims: ClaimAt[];
  proposed?: string;
  text: string;
  open: string | null;
  choose: (name: string) => void;
}) {
  const first = claims[0];
  if (!first)
    return proposed ? (
      <a
        class="mark proposed"
        href={link("read")}
        title={proposed}
        onClick={(event) => {
          event.preventDefault();
          document.getElementById(`proposal-${proposed}`)?.focus();
        }}
      >
        {text}
      </a>
    ) : (
      <span>{text}</span>
    );
  const look = `${first.hedged ? "hedged" : "firm"} ${first.said_by_author ? "" : "other"} ${claims.some((each) => each.name === open) ? "open" : ""}`;
  return (
    <a
      class={`mark ${look}`}
      id={`mark-${first.name}`}
      href={link("read", words(first.claim.source), first.name)}
      title={`${first.name}: ${words(first.claim.gloss)}`}
      draggable={false}
      onClick={() => choose(first.name)}
    >
      {text}
    </a>
  );
}

/** Puts a document beside the case. */
export async function take(files: FileList | File[] | null | undefined): Promise<Problem[]> {
  for (const file of files ?? []) {
    try {
      await send(`/document?name=${encodeURIComponent(file.name)}`, file);
    } catch (error) {
      if (error instanceof Refusal) return error.problems;
      throw error;
    }
  }
  return [];
}

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
      setNews(t("drafted_n", { n: (await post<{ new: number }>("/draft", { source, speaker: we })).new }));
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
            onChange={async (event) => setRefused(await take((event.target as HTMLInputElement).files))}
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
