import { useEffect, useRef, useState } from "preact/hooks";
import { calledIn } from "./case";
import type { Problem, Proposal, Proposed } from "./model";
import { Problems, Tag, useTold, words } from "./parts";
import { decide as decided, get, sheet } from "./server";
import { language, t } from "./words";

/** Who says something, where it is nobody by name. */
export const speaker = (says: string) => (says === "author" || says === "hearsay" ? t(says) : says);
const draftedBy = (who: string) =>
  who.startsWith("rules ")
    ? t("drafted_by_rules", { language: new Intl.DisplayNames([language.value], { type: "language" }).of(who.slice(6)) ?? who.slice(6) })
    : t("drafted_by", { who });

/** What a proposal says, in one line, in the reader's language; `names` are those of parties and levers that are still proposed. */
function proposalWords({ kind, fields, words: otherwise }: Proposal, names: Record<string, string>): string {
  const say = (key: string) => words(fields[key]);
  const called = (section: string, name: string) => (names[name] && calledIn(section, name) === name ? names[name] : calledIn(section, name));
  const party = (name: string) => called("parties", name);
  const lever = (name: string) => called("levers", name);
  switch (kind) {
    case "claim":
      return `${fields.says && fields.says !== "author" ? `${speaker(say("says"))}: ` : ""}“${say("quote")}”`;
    case "lever":
      return t("proposal_words_lever", { name: party(say("id").split(".")[0] ?? ""), is: say("is"), now: say("now") || "no" });
    case "now":
      return t("proposal_words_now", { lever: lever(say("lever")), now: say("now") });
    case "guard":
      return t("proposal_words_guard", { lever: lever(say("lever")), that: say("that") });
    case "want":
      return t("proposal_words_want", { party: party(say("party")), that: say("is") || say("that") });
  }
  return otherwise;
}

/** The focus on the proposal at a place, or the one before it; on the whole where none is left. */
function focusOn(all: HTMLElement | null, place: number): void {
  const waiting = all?.querySelectorAll<HTMLElement>(".proposal") ?? [];
  (waiting[Math.min(place, waiting.length - 1)] ?? all)?.focus();
}

export function Proposals({ drafted }: { drafted: number }) {
  const [n, setN] = useState(0); // how often something was decided here
  const { told, problems } = useTold(() => get<Proposed>("/proposals"), [sheet.value?.version ?? 0, drafted, n]);
  const [refused, setRefused] = useState<Problem[]>([]);
  const left = told?.proposals ?? [];
  const names = told?.names ?? {};
  const [editing, setEditing] = useState<string | null>(null);
  const [fields, setFields] = useState<Record<string, string>>({});
  const all = useRef<HTMLElement>(null);
  const last = useRef<{ id: string; place: number; back: boolean } | null>(null); // what was decided last, until the list shows it
  useEffect(() => {
    const here = last.current;
    const at = left.findIndex((each) => each.id === here?.id);
    if (!here || at >= 0 !== here.back) return;
    last.current = null;
    focusOn(all.current, here.back ? at : here.place);
  }, [told]);
  const decide = async (id: string, becomes: "accepted" | "rejected" | "waiting", changed: Record<string, string> = {}) => {
    last.current = {
      id,
      place: Math.max(
        0,
        left.findIndex((each) => each.id === id),
      ),
      back: becomes === "waiting",
    };
    const found = await decided(id, becomes, changed);
    setRefused(found);
    if (found.length) last.current = null;
    else {
      setN((so_far) => so_far + 1);
      setEditing(null);
    }
  };
  const edit = (each: Proposal) => {
    setEditing(each.id);
    setFields(Object.fromEntries(["gloss", "says", "hedge", "is"].filter((key) => key in each.fields).map((key) => [key, words(each.fields[key])])));
  };
  const aside = told?.set_aside ?? [];
  if (!left.length && !aside.length) return <Problems problems={problems} />;
  return (
    <section class="proposals" ref={all} tabIndex={-1} aria-labelledby="proposals-title">
      <h2 id="proposals-title" class={left.length ? "" : "unseen"}>
        {t("proposals", { n: left.length })}
      </h2>
      {left.length ? <p class="hint">{t("proposals_hint")}</p> : null}
      <Problems problems={[...problems, ...refused]} />
      <ul>
        {left.slice(0, 50).map((each) => (
          <li
            key={each.id}
            id={`proposal-${each.id}`}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a proposal is decided on by the keyboard, with a, e and r
            tabIndex={0}
            class="proposal"
            onKeyDown={(event) => {
              if (event.target !== event.currentTarget) return;
              if (event.key === "a") void decide(each.id, "accepted");
              if (event.key === "r") void decide(each.id, "rejected");
              if (event.key === "e") {
                event.preventDefault();
                edit(each);
              }
            }}
          >
            <Tag kind="reported">{t(`proposal_${each.kind}`)}</Tag> {proposalWords(each, names)}{" "}
            {each.fields.gloss && each.fields.gloss !== each.fields.quote ? <em>{words(each.fields.gloss)}</em> : null}
            <span class="hint"> {draftedBy(each.generated_by ?? "?")}</span>
            <span class="buttons">
              <button type="button" class="main small" onClick={() => void decide(each.id, "accepted")}>
                {t("accept")}
              </button>{" "}
              <button type="button" class="small" onClick={() => edit(each)}>
                {t("edit")}
              </button>{" "}
              <button type="button" class="small" onClick={() => void decide(each.id, "rejected")}>
                {t("reject")}
              </button>
            </span>
            {editing === each.id ? (
              <form
                class="form"
                onSubmit={(event) => {
                  event.preventDefault();
                  void decide(each.id, "accepted", fields);
                }}
              >
                {Object.entries(fields).map(([key, value]) => (
                  <div class="field" key={key}>
                    <label for={`${each.id}-${key}`}>{t(`field_${key}`)}</label>
                    <input
                      id={`${each.id}-${key}`}
                      value={value}
                      onInput={(event) => setFields({ ...fields, [key]: (event.target as HTMLInputElement).value })}
                    />
                  </div>
                ))}
                <div class="field">
                  <button type="submit" class="main">
                    {t("accept")}
                  </button>{" "}
                  <button type="button" onClick={() => setEditing(null)}>
                    {t("cancel")}
                  </button>
                </div>
              </form>
            ) : null}
          </li>
        ))}
      </ul>
      {aside.length ? (
        <details class="aside">
          <summary>{t("proposals_aside", { n: aside.length })}</summary>
          <ul>
            {aside.map((each) => (
              <li key={each.id}>
                <Tag kind="none">{t(`proposal_${each.kind}`)}</Tag> {proposalWords(each, names)}{" "}
                <span class="hint">{t(each.fallen ? "proposal_fallen" : "proposal_rejected")}</span>{" "}
                <button
                  type="button"
                  class="small"
                  aria-label={t("put_back_of", { name: proposalWords(each, names) })}
                  onClick={() => void decide(each.id, "waiting")}
                >
                  {t("put_back")}
                </button>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}
