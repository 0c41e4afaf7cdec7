import { useRef, useState } from "preact/hooks";
import { calledIn, entry, file, inList, isNamed, keys, list } from "./case";
import { Beginning, isBegun } from "./beginning";
import { Begun } from "./condition";
import { partOf } from "./forms";
import { freeFrom, freeName, namesTaken, partyIn, withoutName } from "./logic";
import type { Edit, Entry, Plain, Problem } from "./model";
import { Problems } from "./parts";
import { go, link } from "./route";
import type { Section } from "./sections";
import { edit } from "./server";
import { t } from "./words";

/** A term: its condition, with the words for it where its name does not say them. */
const termOf = (name: string, said: string, that: Plain): Plain =>
  !said || name.replace(/_/g, " ") === said.toLowerCase() ? that : { that, is: said };

/** A new member of a section, named by the words that are typed for it. */
export function Adding({ section, made }: { section: Section; made: (name: string) => void }) {
  const [said, setSaid] = useState("");
  const [chosen, setChosen] = useState(""); // whose it is, where somebody chose; else the words say it
  const [last, setLast] = useState("");
  const [problems, setProblems] = useState<Problem[]>([]);
  const [begun, setBegun] = useState(false);
  const typing = useRef<HTMLInputElement>(null);
  const parties = keys("parties");
  const mine = section.named === "party.lever";
  const of = (party: string) => (parties.includes(party) ? { [party]: entry(["parties", party]) } : {});
  const whose = parties.includes(chosen) ? chosen : partyIn([said], { ...of(last), ...entry(["parties"]) } as Record<string, Entry>) || "a";
  const title = section.title[0];
  const field = t(`field_${title ?? (section.model === "Term" ? "is" : "id")}`);
  const add = async (given: Entry = {}) => {
    const party = entry(["parties", whose]);
    const name = freeFrom(
      mine ? withoutName(said, [calledIn("parties", whose), ...list(party.also)]) : said,
      namesTaken(file(), section.key),
      mine ? "lever" : t(`new_${section.key}`),
      mine ? `${whose}.` : "",
    );
    const value = { ...(section.start?.() ?? partOf(section.model, [section.key, name], "", given)), ...(title ? { [title]: said.trim() } : {}) };
    const added: Edit = { op: "set", at: [section.key, name], value: section.model === "Term" ? termOf(name, said.trim(), given.that ?? "") : value };
    const kept_a_place = section.key === "parties" ? parties.filter((each) => !isNamed(each)) : [];
    let found = await edit([added, ...kept_a_place.map((each): Edit => ({ op: "remove", at: ["parties", each] }))]);
    if (found.length && kept_a_place.length) found = await edit([added]); // something speaks of the party that kept a place
    setProblems(found);
    if (!found.length) {
      setSaid("");
      setChosen("");
      setLast(whose);
      setBegun(false);
      made(name);
    }
    return found;
  };
  const leave = () => {
    setBegun(false);
    typing.current?.focus();
  };
  return (
    <form
      class="adding"
      onSubmit={(event) => {
        event.preventDefault();
        if (section.model === "Term" || isBegun(section.model)) setBegun(true);
        else void add();
      }}
    >
      {mine ? (
        <select aria-label={t("whose")} value={whose} onChange={(event) => setChosen((event.target as HTMLSelectElement).value)}>
          {parties.map((each) => (
            <option key={each} value={each}>
              {calledIn("parties", each)}
            </option>
          ))}
        </select>
      ) : null}
      <input
        type="text"
        ref={typing}
        aria-label={t("of_new", { field })}
        placeholder={field}
        value={said}
        onInput={(event) => setSaid((event.target as HTMLInputElement).value)}
      />
      <button type="submit" disabled={begun || (title !== undefined && !said.trim())}>
        {t(`add_${section.key}`)}
      </button>
      {!begun ? null : section.model === "Term" ? (
        <Begun save={(that) => add({ that })} left={leave} />
      ) : (
        <Beginning model={section.model} save={add} left={leave} />
      )}
      <Problems problems={problems} />
    </form>
  );
}

/** A new claim by its words, for a source whose text is not on the page; where it is, words are selected there. */
export function AddingClaim({ made }: { made: (name: string) => void }) {
  const sources = keys("sources");
  const [chosen, setChosen] = useState("");
  const source = sources.includes(chosen) ? chosen : (sources[0] ?? "");
  const [quote, setQuote] = useState("");
  const [gloss, setGloss] = useState("");
  const [problems, setProblems] = useState<Problem[]>([]);
  if (!sources.length)
    return (
      <p class="hint">
        {t("claims_need_source")} <a href={link("read")}>{t("nav_read")}</a>
      </p>
    );
  const add = async () => {
    const name = freeName("c", keys("claims"));
    const found = await edit([{ op: "set", at: ["claims", name], value: { source, quote: quote.trim(), gloss: gloss.trim() || quote.trim() } }]);
    setProblems(found);
    if (!found.length) {
      setQuote("");
      setGloss("");
      made(name);
    }
  };
  return (
    <form
      class="adding claims"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <p class="hint">
        {t("claims_select")} <a href={link("read", source)}>{t("nav_read")}</a>
      </p>
      <select
        aria-label={t("of_new", { field: t("field_source") })}
        value={source}
        onChange={(event) => setChosen((event.target as HTMLSelectElement).value)}
      >
        {sources.map((each) => (
          <option key={each} value={each}>
            {inList("sources", each)}
          </option>
        ))}
      </select>
      <input
        type="text"
        aria-label={t("of_new", { field: t("field_quote") })}
        placeholder={t("field_quote")}
        value={quote}
        onInput={(event) => setQuote((event.target as HTMLInputElement).value)}
      />
      <input
        type="text"
        aria-label={t("of_new", { field: t("field_gloss") })}
        placeholder={t("field_gloss")}
        value={gloss}
        onInput={(event) => setGloss((event.target as HTMLInputElement).value)}
      />
      <button type="submit" disabled={!quote.trim()}>
        {t("add_claims")}
      </button>
      <Problems problems={problems} />
    </form>
  );
}

/** Where a new member of a section leads: to its form. */
export const opened = (section: string) => (name: string) => go("build", section, name);
