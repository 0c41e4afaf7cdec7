import { useEffect, useRef, useState } from "preact/hooks";
import { freeName, wholeWords } from "./logic";
import type { Entry, Problem, Quote } from "./model";
import { Problems, Tag, words } from "./parts";
import { edit, sheet } from "./server";
import { t } from "./words";

export interface Around {
  prefix?: string;
  suffix?: string;
}
export interface Drafted {
  source: string;
  quote: string;
  told: Quote;
  around: Around;
}

/** A few words before and after what is selected, in its own lines: by them a quote that stands more than once is told apart. */
export function wordsAround(range: Range): Around[] {
  const line = (node: Node) => (node instanceof Element ? node : node.parentElement)?.closest("p") ?? null;
  const part = (edge: "before" | "after") => {
    const own = line(edge === "before" ? range.startContainer : range.endContainer);
    if (!own) return "";
    const beside = document.createRange();
    beside.selectNodeContents(own);
    if (edge === "before") beside.setEnd(range.startContainer, range.startOffset);
    else beside.setStart(range.endContainer, range.endOffset);
    const each = beside.toString().trim().split(/\s+/).filter(Boolean);
    return (edge === "before" ? each.slice(-4) : each.slice(0, 4)).join(" ");
  };
  const [prefix, suffix] = [part("before"), part("after")];
  return [...(prefix ? [{ prefix }] : []), ...(suffix ? [{ suffix }] : []), ...(prefix && suffix ? [{ prefix, suffix }] : [])];
}

/** A selection that begins and ends between words. */
export function inWholeWords(range: Range): void {
  const { startContainer: first, endContainer: last, startOffset: start, endOffset: end } = range;
  if (first instanceof Text && start < first.length) range.setStart(first, wholeWords(first.data, start, first === last ? end : first.length)[0]);
  if (last instanceof Text && end > 0) range.setEnd(last, wholeWords(last.data, first === last ? range.startOffset : 0, end)[1]);
}

/** Words that were selected as a new claim: the quote checked at once, speaker and hedge asked for. */
export function NewClaim({ draft, close }: { draft: Drafted; close: (made?: string) => void }) {
  const { read } = draft.told;
  const [gloss, setGloss] = useState("");
  const [says, setSays] = useState(read.says ?? "author");
  const [hedge, setHedge] = useState(read.hedge ?? "");
  const [problems, setProblems] = useState<Problem[]>([]);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => {
    setSays(read.says ?? "author");
    setHedge(read.hedge ?? "");
    first.current?.focus();
  }, [draft]);
  const make = async () => {
    const name = freeName("c", Object.keys((sheet.value?.file?.claims ?? {}) as Entry));
    const asRead = says === (read.says ?? "author") && hedge === (read.hedge ?? "");
    const degrees: Entry = asRead
      ? read
      : says !== "author"
        ? { says, author_holds: "uncommitted", source_holds: hedge ? "possible" : "certain" }
        : hedge
          ? { author_holds: "possible" }
          : {};
    const claim: Entry = {
      source: draft.source,
      quote: draft.quote,
      ...draft.around,
      ...degrees,
      ...(hedge ? { hedge } : {}),
      gloss: gloss.trim() || draft.quote,
    };
    const found = await edit([{ op: "set", at: ["claims", name], value: claim }]);
    setProblems(found);
    if (!found.length) close(name);
  };
  return (
    <form
      class="newclaim"
      aria-label={t("new_claim")}
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <blockquote dir="auto">“{draft.quote}”</blockquote>
      <p>
        <Tag kind={draft.told.ok ? "checked" : "error"}>
          {draft.told.ok ? t(draft.around.prefix || draft.around.suffix ? "quote_stands_here" : "quote_stands") : t("quote_fails")}
        </Tag>
        {draft.told.words > 12 ? <span class="hint"> {t("quote_long", { n: draft.told.words })}</span> : null}
      </p>
      <Problems problems={draft.told.problems} />
      {draft.told.ok ? (
        <>
          <div class="field">
            <label for="new-gloss">{t("field_gloss")}</label>
            <input id="new-gloss" ref={first} value={gloss} onInput={(event) => setGloss((event.target as HTMLInputElement).value)} />
          </div>
          <div class="field">
            <label for="new-says">{t("field_says")}</label>
            <input id="new-says" list="speakers" value={says} onInput={(event) => setSays((event.target as HTMLInputElement).value)} />
            <datalist id="speakers">
              {speakers().map((each) => (
                <option key={each} value={each} />
              ))}
            </datalist>
          </div>
          <div class="field">
            <label for="new-hedge">{t("field_hedge")}</label>
            <input id="new-hedge" value={hedge} onInput={(event) => setHedge((event.target as HTMLInputElement).value)} />
          </div>
          <button type="submit" class="main">
            {t("make_claim")}
          </button>
        </>
      ) : null}{" "}
      <button type="button" onClick={() => close()}>
        {t("cancel")}
      </button>
      <Problems problems={problems} />
    </form>
  );
}
const speakers = () => [
  ...new Set([
    "author",
    ...Object.values((sheet.value?.file?.claims ?? {}) as Record<string, Entry>)
      .map((each) => words(each.says))
      .filter(Boolean),
  ]),
];
