import { useEffect, useRef, useState } from "preact/hooks";
import { calledIn } from "./case";
import type { Problem, Proposal } from "./model";
import { Problems, Tag, useTold, words } from "./parts";
import { get, post, Refusal, sheet } from "./server";
import { t } from "./words";

/** Who says something, where it is nobody by name. */
export const speaker = (says: string) => (says === "author" || says === "hearsay" ? t(says) : says);
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

export function Proposals({ drafted }: { drafted: number }) {
  const { told, problems } = useTold(() => get<{ proposals: Proposal[] }>("/proposals"), [(sheet.value?.version ?? 0), drafted]);
  const [decided, setDecided] = useState<string[]>([]);
  const [refused, setRefused] = useState<Problem[]>([]);
  const left = (told?.proposals ?? []).filter((each) => !decided.includes(each.id));
  const [editing, setEditing] = useState<string | null>(null);
  const [fields, setFields] = useState<Record<string, string>>({});
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => { if (decided.length) (list.current?.querySelector(".proposal") as HTMLElement | null)?.focus(); }, [decided.length]);
  const decide = async (id: string, accept: boolean, changed: Record<string, string> = {}) => {
    try { await post("/decide", { version: (sheet.value?.version ?? 0), id, accept, fields: changed }); setDecided((so_far) => [...so_far, id]); setRefused([]); setEditing(null); }
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
