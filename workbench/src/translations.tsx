import { useState } from "preact/hooks";
import { entry, file, isMap, put } from "./case";
import { Fold } from "./fold";
import { screenOf } from "./logic";
import type { Entry, Problem } from "./model";
import { Problems, TextField, useTold, words } from "./parts";
import { edit, get, sheet } from "./server";
import { language, t } from "./words";

const languages = () => Object.keys(entry(["translations"]));
const toldIn = (each: string, text: string) => words(entry(["translations", each])[text]);

/** A text of the case in the other languages that the case has, beside the text itself. */
export function TranslatedField({ text, label }: { text: string; label: string }) {
  const all = languages();
  if (!all.length || !text || text === "…") return null;
  return (
    <Fold summary={all.map((each) => `${each}: ${toldIn(each, text) || t("not_translated")}`).join(" · ")}>
      {all.map((each) => (
        <TextField
          key={each}
          label={`${label} (${each})`}
          value={toldIn(each, text)}
          save={(typed) => put(["translations", each, text], typed.trim())}
        />
      ))}
    </Fold>
  );
}

interface Told {
  texts: { at: string; text: string; told: string; stands: boolean }[];
}
const MOST = 60; // texts that are shown at once

/** Every text of the case in another language, those that are missing first. */
export function Translations() {
  const all = languages();
  const [chosen, setChosen] = useState("");
  const [added, setAdded] = useState("");
  const [missing, setMissing] = useState(true);
  const [most, setMost] = useState(MOST);
  const [problems, setProblems] = useState<Problem[]>([]);
  const which = all.includes(chosen) ? chosen : (all[0] ?? "");
  const { told, problems: refused } = useTold(
    async () => (which ? get<Told>(`/translations?language=${which}`) : null),
    [sheet.value?.version, which, language.value],
  );
  const begin = async () => {
    const each = added.trim().toLowerCase();
    const title = words(file().title);
    if (!each || all.includes(each)) return;
    const found = await edit([
      {
        op: "set",
        at: isMap(file().translations) ? ["translations", each] : ["translations"],
        value: isMap(file().translations) ? { [title]: title } : ({ [each]: { [title]: title } } as Entry),
      },
    ]);
    setProblems(found);
    if (!found.length) {
      setChosen(each);
      setAdded("");
    }
  };
  const rows = (told?.texts ?? []).filter((each) => !missing || !each.told || !each.stands);
  return (
    <div data-key="CaseFile.translations">
      <div class="tabs">
        {all.map((each) => (
          <button type="button" key={each} aria-pressed={each === which} onClick={() => setChosen(each)}>
            {each}
          </button>
        ))}
        <form
          class="row"
          onSubmit={(event) => {
            event.preventDefault();
            void begin();
          }}
        >
          <input
            type="text"
            class="narrow"
            aria-label={t("new_language")}
            placeholder="nl"
            value={added}
            onInput={(event) => setAdded((event.target as HTMLInputElement).value)}
          />
          <button type="submit">{t("add_language")}</button>
        </form>
      </div>
      <Problems problems={[...problems, ...refused]} />
      {which ? (
        <label>
          <input type="checkbox" checked={missing} onChange={() => setMissing(!missing)} /> {t("missing_only")}
        </label>
      ) : null}
      {told && !rows.length ? <p>{t("all_translated")}</p> : null}
      {rows.slice(0, most).map((each) => (
        <div class="translation" key={each.text}>
          <p lang={words(file().language)}>
            {each.text}{" "}
            {each.stands ? (
              <a class="cite" href={screenOf(each.at, file())}>
                {t("guide_go")}
              </a>
            ) : (
              <span class="hint">{t("text_gone")}</span>
            )}
          </p>
          <TextField label={which} hidden value={each.told} save={(typed) => put(["translations", which, each.text], typed.trim())} />
          {each.stands ? null : (
            <button
              type="button"
              class="small"
              aria-label={t("remove_of", { name: each.text })}
              onClick={async () => setProblems(await edit([{ op: "remove", at: ["translations", which, each.text] }]))}
            >
              ×
            </button>
          )}
        </div>
      ))}
      {rows.length > most ? (
        <button type="button" class="small" onClick={() => setMost(rows.length)}>
          {t("show_all", { n: rows.length })}
        </button>
      ) : null}
    </div>
  );
}
