import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { calledIn, file, keys } from "./case";
import { freeFrom, freeName, paragraphs, partyIn, screenOf, unitsOf, valueAt, wholeWords } from "./logic";
import type { ClaimAt, Entry, Problem, Proposal, Quote, SourceHead, SourceText } from "./model";
import { Problems, Tag, useTold, words } from "./parts";
import { go, link, route } from "./route";
import { edit, get, post, Refusal, send, sheet } from "./server";
import { AddEvidence } from "./start";
import { t } from "./words";

const version = () => sheet.value?.version ?? 0;

function Claim({ claim }: { claim: ClaimAt }) {
  const said = claim.claim;
  const chain = [[t("author"), words(said.author_holds) || "certain"], ...(Array.isArray(said.chain) ? said.chain : []).map((each) => [words((each as Entry).who), words((each as Entry).holds) || "certain"]), ...(claim.said_by_author ? [] : [[speaker(words(said.says)), words(said.source_holds) || "certain"]])];
  return (
    <article class="claim" id="claim" aria-label={claim.name}>
      <h3><code>{claim.name}</code> {words(said.gloss)}</h3>
      {said.quote ? <blockquote dir="auto">“{words(said.quote)}”</blockquote> : null}
      <p><Tag kind={claim.status}>{t(`quote_${claim.status}`)}</Tag>{said.hedge ? <span class="quiet"> {t("hedged_by")} <em>{words(said.hedge)}</em></span> : null}{said.condition ? <span class="quiet"> · {t("on_condition")} <em>{words(said.condition)}</em></span> : null}</p>
      <ol class="chain" aria-label={t("chain")}>{chain.map(([who, holds]) => <li key={who}>{who} <Tag kind={holds === "certain" ? "stated" : "reported"}>{t(`choice_${holds}`)}</Tag></li>)}</ol>
      {said.via && said.via !== said.says ? <p class="quiet">{speaker(words(said.via))}</p> : null}
      <Against name={claim.name} said={said} />
      <h4>{t("leans_on_it", { n: claim.lines.length })}</h4>
      <ul>{claim.lines.map((at) => <li key={at}><a href={screenOf(at, sheet.value?.file ?? null)}><code>{at}</code></a> {about(at)}</li>)}</ul>
      <p class="links"><a href={link("build", "claims", claim.name)}>{t("edit_claim")}</a>{" "}
        <button type="button" class="small" onClick={() => void makeOf(claim, "levers")}>{t("lever_of_claim")}</button>{" "}
        <button type="button" class="small" onClick={() => void makeOf(claim, "wants")}>{t("want_of_claim")}</button></p>
    </article>
  );
}
/** A lever or a want that rests on a claim, of the party that it speaks of; its form opens, or asks first what is wanted. */
async function makeOf(claim: ClaimAt, what: "levers" | "wants"): Promise<void> {
  const gloss = words(claim.claim.gloss);
  const party = partyIn([gloss, words(claim.claim.quote), words(claim.claim.says)], (file().parties ?? {}) as Record<string, Entry>);
  if (!party) { go("build", "parties"); return; }
  if (what === "wants") { go("build", "wants", party, "of", claim.name); return; }
  const name = freeFrom(gloss, keys("levers"), "lever", `${party}.`);
  if (!(await edit([{ op: "set", at: ["levers", name], value: { is: gloss, now: "no", because: [claim.name] } }])).length) go("build", "levers", name);
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
      <ul>{against.map((each) => <li key={each}><a href={link("read", words(all[each]?.source), each)}><code>{each}</code></a> {words(all[each]?.gloss)}{all[each]?.quote ? <blockquote dir="auto">“{words(all[each]?.quote)}” – {words(all[each]?.says) || t("author")}</blockquote> : null}</li>)}</ul>
    </>
  );
}
function about(at: string): string {
  const file = sheet.value?.file ?? null;
  const value = valueAt(file ?? undefined, screenOf(at, file).replace("#/build/", "").split("/").map(decodeURIComponent).map((each) => (/^\d+$/.test(each) ? Number(each) : each)));
  const entry = (typeof value === "object" && value !== null && !Array.isArray(value) ? value : {}) as Entry;
  return words(entry.is ?? entry.that ?? entry.claim ?? entry.name ?? "");
}

interface Around { prefix?: string; suffix?: string }
interface Drafted { source: string; quote: string; told: Quote; around: Around }

/** A few words before and after what is selected, in its own lines: by them a quote that stands more than once is told apart. */
function wordsAround(range: Range): Around[] {
  const line = (node: Node) => (node instanceof Element ? node : node.parentElement)?.closest("p") ?? null;
  const part = (edge: "before" | "after") => {
    const own = line(edge === "before" ? range.startContainer : range.endContainer);
    if (!own) return "";
    const beside = document.createRange();
    beside.selectNodeContents(own);
    if (edge === "before") beside.setEnd(range.startContainer, range.startOffset); else beside.setStart(range.endContainer, range.endOffset);
    const each = beside.toString().trim().split(/\s+/).filter(Boolean);
    return (edge === "before" ? each.slice(-4) : each.slice(0, 4)).join(" ");
  };
  const [prefix, suffix] = [part("before"), part("after")];
  return [...(prefix ? [{ prefix }] : []), ...(suffix ? [{ suffix }] : []), ...(prefix && suffix ? [{ prefix, suffix }] : [])];
}

/** A selection that begins and ends between words. */
function inWholeWords(range: Range): void {
  const { startContainer: first, endContainer: last, startOffset: start, endOffset: end } = range;
  if (first instanceof Text && start < first.length) range.setStart(first, wholeWords(first.data, start, first === last ? end : first.length)[0]);
  if (last instanceof Text && end > 0) range.setEnd(last, wholeWords(last.data, first === last ? range.startOffset : 0, end)[1]);
}

/** Words that were selected as a new claim: the quote checked at once, speaker and hedge asked for. */
function NewClaim({ draft, close }: { draft: Drafted; close: (made?: string) => void }) {
  const { read } = draft.told;
  const [gloss, setGloss] = useState("");
  const [says, setSays] = useState(read.says ?? "author");
  const [hedge, setHedge] = useState(read.hedge ?? "");
  const [problems, setProblems] = useState<Problem[]>([]);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => { setSays(read.says ?? "author"); setHedge(read.hedge ?? ""); first.current?.focus(); }, [draft]);
  const make = async () => {
    const name = freeName("c", Object.keys((sheet.value?.file?.claims ?? {}) as Entry));
    const asRead = says === (read.says ?? "author") && hedge === (read.hedge ?? "");
    const degrees: Entry = asRead ? read : says !== "author" ? { says, author_holds: "uncommitted", source_holds: hedge ? "possible" : "certain" } : hedge ? { author_holds: "possible" } : {};
    const claim: Entry = { source: draft.source, quote: draft.quote, ...draft.around, ...degrees, ...(hedge ? { hedge } : {}), gloss: gloss.trim() || draft.quote };
    const found = await edit([{ op: "set", at: ["claims", name], value: claim }]);
    setProblems(found);
    if (!found.length) close(name);
  };
  return (
    <form class="newclaim" aria-label={t("new_claim")} onSubmit={(event) => { event.preventDefault(); void make(); }} onKeyDown={(event) => { if (event.key === "Escape") close(); }}>
      <blockquote dir="auto">“{draft.quote}”</blockquote>
      <p><Tag kind={draft.told.ok ? "checked" : "error"}>{draft.told.ok ? t(draft.around.prefix || draft.around.suffix ? "quote_stands_here" : "quote_stands") : t("quote_fails")}</Tag>{draft.told.words > 12 ? <span class="hint"> {t("quote_long", { n: draft.told.words })}</span> : null}</p>
      <Problems problems={draft.told.problems} />
      {draft.told.ok ? (
        <>
          <div class="field"><label for="new-gloss">{t("field_gloss")}</label><input id="new-gloss" ref={first} value={gloss} onInput={(event) => setGloss((event.target as HTMLInputElement).value)} /></div>
          <div class="field"><label for="new-says">{t("field_says")}</label><input id="new-says" list="speakers" value={says} onInput={(event) => setSays((event.target as HTMLInputElement).value)} />
            <datalist id="speakers">{speakers().map((each) => <option key={each} value={each} />)}</datalist></div>
          <div class="field"><label for="new-hedge">{t("field_hedge")}</label><input id="new-hedge" value={hedge} onInput={(event) => setHedge((event.target as HTMLInputElement).value)} /></div>
          <button type="submit" class="main">{t("make_claim")}</button>
        </>
      ) : null}{" "}
      <button type="button" onClick={() => close()}>{t("cancel")}</button>
      <Problems problems={problems} />
    </form>
  );
}
const speakers = () => [...new Set(["author", ...Object.values((sheet.value?.file?.claims ?? {}) as Record<string, Entry>).map((each) => words(each.says)).filter(Boolean)])];

const LINES = 400; // lines that are put on the page at once; more as one scrolls

function Source({ name }: { name: string }) {
  const { told, problems } = useTold(() => get<SourceText>(`/source/${encodeURIComponent(name)}`), [name, version()]);
  const [open, setOpen] = useState<string | null>(route.value[2] ?? null);
  const [draft, setDraft] = useState<Drafted | null>(null);
  const text = useRef<HTMLDivElement>(null);
  const [n, setN] = useState(LINES);
  const foot = useRef<HTMLDivElement>(null);
  const cut = useMemo(() => {
    if (!told?.text) return [];
    const stands = told.claims.filter((each) => each.start !== null && each.end !== null);
    const all = [...stands.map((each) => ({ name: each.name, start: each.start ?? 0, end: each.end ?? 0 })), ...told.proposed];
    const at = unitsOf(told.text, all.flatMap((each) => [each.start, each.end]));
    const marks = all.map((each, k) => ({ name: each.name, start: at[2 * k] ?? 0, end: at[2 * k + 1] ?? 0 }));
    return paragraphs(told.text, marks);
  }, [told]);
  useEffect(() => {
    if (!foot.current) return;
    const watch = new IntersectionObserver((seen) => { if (seen.some((each) => each.isIntersecting)) setN((now) => now + LINES); }, { rootMargin: "1500px" });
    watch.observe(foot.current);
    return () => watch.disconnect();
  }, [told]);
  useEffect(() => { if (open) document.getElementById(`mark-${open}`)?.scrollIntoView({ block: "nearest" }); }, [open]);
  if (!told) return <Problems problems={problems} />;
  const claims = Object.fromEntries(told.claims.map((each) => [each.name, each]));
  const chosen = open ? claims[open] : undefined;
  const selected = async () => {
    const range = getSelection();
    if (range?.rangeCount && !range.isCollapsed && text.current?.contains(range.anchorNode)) inWholeWords(range.getRangeAt(0));
    const quote = range?.toString().trim().replace(/\s+/g, " ") ?? "";
    if (!quote || !range?.anchorNode || !text.current?.contains(range.anchorNode)) return;
    const ask = async (around: Around): Promise<Quote> => {
      try { return await post<Quote>("/quote", { source: name, quote, ...around }); }
      catch (error) { if (error instanceof Refusal) return { ok: false, problems: error.problems, read: {}, words: 0 }; throw error; }
    };
    const near = wordsAround(range.getRangeAt(0));
    const alone = await ask({});
    let drafted: Drafted = { source: name, quote, told: alone, around: {} };
    for (const around of alone.ok ? [] : near) {
      const told = await ask(around);
      if (told.ok) { drafted = { source: name, quote, told, around }; break; }
    }
    setDraft(drafted);
  };
  return (
    <div class={told.text === null ? "reading without" : "reading"}>
      <div>
        {told.text === null ? <p class="note">{t("not_at_hand")}</p> : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the text scrolls and is selected by the keyboard
          <div class="source" ref={text} role="document" tabIndex={0} aria-label={name} onMouseUp={() => void selected()} onKeyUp={(event) => { if (event.shiftKey || event.key === "Enter") void selected(); }}>
            {cut.slice(0, n).map((line, k) => (
              <p key={k} dir="auto">{line.map((piece, m) => (piece.claims.length ? (
                <Mark key={`${k}.${m}`} claims={piece.claims.map((each) => claims[each]).filter((each): each is ClaimAt => each !== undefined)} proposed={piece.claims.find((each) => !(each in claims))} text={piece.text} open={open} choose={setOpen} />
              ) : piece.text))}{line.length ? null : "\u00a0"}</p>
            ))}
            {n < cut.length ? <div ref={foot} class="quiet">…</div> : null}
          </div>
        )}
      </div>
      <aside aria-live="polite" class="beside">
        {draft ? <NewClaim draft={draft} close={(made) => { setDraft(null); if (made) setOpen(made); }} /> : null}
        {chosen ? <Claim claim={chosen} /> : !draft && told.text !== null ? <p class="quiet">{t("read_hint")}</p> : null}
        <details open={told.text === null}><summary>{t("all_claims", { n: told.claims.length })}</summary><ul class="claims">{told.claims.map((each) => <li key={each.name}><button type="button" class="plain" aria-pressed={open === each.name} onClick={() => setOpen(each.name)}><code>{each.name}</code> {words(each.claim.gloss)}</button>{each.hedged ? <Tag kind="reported">{t("hedged")}</Tag> : null}</li>)}</ul></details>
      </aside>
    </div>
  );
}

function Mark({ claims, proposed, text, open, choose }: { claims: ClaimAt[]; proposed?: string; text: string; open: string | null; choose: (name: string) => void }) {
  const first = claims[0];
  if (!first) return proposed ? <a class="mark proposed" href={link("read")} title={proposed} onClick={(event) => { event.preventDefault(); document.getElementById(`proposal-${proposed}`)?.focus(); }}>{text}</a> : <span>{text}</span>;
  const look = `${first.hedged ? "hedged" : "firm"} ${first.said_by_author ? "" : "other"} ${claims.some((each) => each.name === open) ? "open" : ""}`;
  return <a class={`mark ${look}`} id={`mark-${first.name}`} href={link("read", words(first.claim.source), first.name)} title={`${first.name}: ${words(first.claim.gloss)}`} draggable={false} onClick={() => choose(first.name)}>{text}</a>;
}

/** Who says something, where it is nobody by name. */
const speaker = (says: string) => (says === "author" || says === "hearsay" ? t(says) : says);
const draftedBy = (who: string) => (who.startsWith("rules ") ? t("drafted_by_rules", { language: who.slice(6) }) : t("drafted_by", { who }));

/** What a proposal says, in one line, in the reader's language. */
function proposalWords({ kind, fields, words: otherwise }: Proposal): string {
  const say = (key: string) => words(fields[key]);
  switch (kind) {
    case "claim": return `${fields.says && fields.says !== "author" ? `${speaker(say("says"))}: ` : ""}“${say("quote")}”`;
    case "lever": return t("proposal_words_lever", { name: say("id"), is: say("is"), now: say("now") || "no" });
    case "now": return t("proposal_words_now", { lever: say("lever"), now: say("now") });
    case "guard": return t("proposal_words_guard", { lever: say("lever"), that: say("that") });
    case "want": return t("proposal_words_want", { party: calledIn("parties", say("party")), that: say("is") || say("that") });
  }
  return otherwise;
}

function Proposals({ drafted }: { drafted: number }) {
  const { told, problems } = useTold(() => get<{ proposals: Proposal[] }>("/proposals"), [version(), drafted]);
  const [decided, setDecided] = useState<string[]>([]);
  const [refused, setRefused] = useState<Problem[]>([]);
  const left = (told?.proposals ?? []).filter((each) => !decided.includes(each.id));
  const [editing, setEditing] = useState<string | null>(null);
  const [fields, setFields] = useState<Record<string, string>>({});
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => { if (decided.length) (list.current?.querySelector(".proposal") as HTMLElement | null)?.focus(); }, [decided.length]);
  const decide = async (id: string, accept: boolean, changed: Record<string, string> = {}) => {
    try { await post("/decide", { version: version(), id, accept, fields: changed }); setDecided((so_far) => [...so_far, id]); setRefused([]); setEditing(null); }
    catch (error) { if (error instanceof Refusal) setRefused(error.problems); }
  };
  const edit = (each: Proposal) => { setEditing(each.id); setFields(Object.fromEntries(["gloss", "says", "hedge", "is"].filter((key) => key in each.fields).map((key) => [key, words(each.fields[key])]))); };
  if (!left.length) return <Problems problems={problems} />;
  return (
    <section class="proposals" aria-labelledby="proposals-title">
      <h2 id="proposals-title">{t("proposals", { n: left.length })}</h2>
      <p class="hint">{t("proposals_hint")}</p>
      <Problems problems={[...problems, ...refused]} />
      <ul ref={list}>{left.slice(0, 50).map((each) => (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a proposal is decided on by the keyboard, with a, e and r
        <li key={each.id} id={`proposal-${each.id}`} tabIndex={0} class="proposal" onKeyDown={(event) => {
          if (event.target !== event.currentTarget) return;
          if (event.key === "a") void decide(each.id, true);
          if (event.key === "r") void decide(each.id, false);
          if (event.key === "e") { event.preventDefault(); edit(each); }
        }}>
          <Tag kind="reported">{t(`proposal_${each.kind}`)}</Tag> {proposalWords(each)} {each.fields.gloss && each.fields.gloss !== each.fields.quote ? <em>{words(each.fields.gloss)}</em> : null}
          <span class="hint"> {draftedBy(each.generated_by ?? "?")}</span>
          <span class="buttons"><button type="button" class="main small" onClick={() => void decide(each.id, true)}>{t("accept")}</button> <button type="button" class="small" onClick={() => edit(each)}>{t("edit")}</button> <button type="button" class="small" onClick={() => void decide(each.id, false)}>{t("reject")}</button></span>
          {editing === each.id ? (
            <form class="form" onSubmit={(event) => { event.preventDefault(); void decide(each.id, true, fields); }}>
              {Object.entries(fields).map(([key, value]) => <div class="field" key={key}><label for={`${each.id}-${key}`}>{t(`field_${key}`)}</label><input id={`${each.id}-${key}`} value={value} onInput={(event) => setFields({ ...fields, [key]: (event.target as HTMLInputElement).value })} /></div>)}
              <div class="field"><button type="submit" class="main">{t("accept")}</button> <button type="button" onClick={() => setEditing(null)}>{t("cancel")}</button></div>
            </form>
          ) : null}
        </li>
      ))}</ul>
    </section>
  );
}

/** Puts a document beside the case. */
export async function take(files: FileList | File[] | null | undefined): Promise<Problem[]> {
  for (const file of files ?? []) {
    try { await send(`/document?name=${encodeURIComponent(file.name)}`, file); }
    catch (error) { if (error instanceof Refusal) return error.problems; throw error; }
  }
  return [];
}

export function Read() {
  const { told, problems } = useTold(() => get<{ sources: SourceHead[] }>("/sources"), [version()]);
  const [refused, setRefused] = useState<Problem[]>([]);
  const [beside, setBeside] = useState("");
  const [drafted, setDrafted] = useState(0); // how often the rules were asked to read
  const [news, setNews] = useState("");
  const propose = async (source: string) => {
    setNews(t("drafting"));
    try { setNews(t("drafted_n", { n: (await post<{ new: number }>("/draft", { source })).new })); setRefused([]); setDrafted(drafted + 1); }
    catch (error) { if (!(error instanceof Refusal)) throw error; setNews(""); setRefused(error.problems); }
  };
  const sources = told?.sources ?? [];
  const name = sources.find((each) => each.name === route.value[1])?.name ?? sources[0]?.name;
  return (
    <div class="screen">
      <h1>{t("nav_read")}</h1>
      <Problems problems={[...problems, ...refused]} />
      <div class="tabs" role="group" aria-label={t("section_sources")}>
        {sources.map((each) => <a key={each.name} href={link("read", each.name)} aria-current={each.name === name ? "true" : undefined}>{each.title || each.name} <span class="quiet">{each.claims}</span>{each.at_hand ? null : <Tag kind="none">{t("no_text")}</Tag>}</a>)}
      </div>
      <div class="tools-of">
        <label class="button">{t("add_document")}<input type="file" class="unseen" multiple accept=".txt,.md,.html,.htm,.pdf,.docx" onChange={async (event) => setRefused(await take((event.target as HTMLInputElement).files))} /></label>
        <AddEvidence refused={setRefused} />
        {sources.find((each) => each.name === name)?.at_hand ? <button type="button" onClick={() => void propose(name ?? "")}>{t("propose")}</button> : null}
        {sources.length > 1 ? <select aria-label={t("beside")} value={beside} onChange={(event) => setBeside((event.target as HTMLSelectElement).value)}><option value="">{t("beside")}</option>{sources.filter((each) => each.name !== name).map((each) => <option key={each.name} value={each.name}>{each.title || each.name}</option>)}</select> : null}
      </div>
      <p class="quiet" role="status">{news}</p>
      <Proposals drafted={drafted} />
      {name ? <Source key={`${name}${drafted}`} name={name} /> : <p class="note">{t("no_sources")}</p>}
      {beside && beside !== name ? <Source key={`beside-${beside}`} name={beside} /> : null}
    </div>
  );
}
