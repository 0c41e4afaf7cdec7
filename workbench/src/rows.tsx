import { useState } from "preact/hooks";
import { calledIn, list, number, put } from "./case";
import { Fold } from "./fold";
import { type Kind, linesOf, membersOf, rearranged, rowsOf } from "./forms";
import type { Plain, Problem, Step } from "./model";
import { Ordered, Problems, TextField, words } from "./parts";
import { edit } from "./server";
import { t } from "./words";

const MANY = 40; // rows that have their fields at first
type RowProps = { at: Step[]; kind: Kind; value: Plain | undefined; label: string; hint?: string };

const stateName = (name: string) => {
  const said = calledIn("states", name);
  return said === name ? name : `${name} – ${said}`;
};
const statesWith = (...more: string[]) => [...new Set([...membersOf("states"), ...more.filter(Boolean)])];

/** Edits of a list: one more at its end, one taken out, all in another order. */
const added = (at: Step[], n: number, made: Plain) =>
  edit([n ? { op: "order", at, items: [...Array.from({ length: n }, (_, k) => k), -1], new: [made] } : { op: "set", at, value: [made] }]);
const takenOut = (at: Step[], n: number, gone: number) =>
  n === 1 ? put(at, "") : edit([{ op: "order", at, items: Array.from({ length: n }, (_, k) => k).filter((k) => k !== gone) }]);

/** Pairs, ranks or points: a row with fields for each; as lines for whoever pastes them. */
export function RowsField({ at, kind, value, label, hint }: RowProps) {
  const old = Array.isArray(value) ? value : [];
  const save = async (typed: string) => {
    const now = rowsOf(typed, kind.item as Kind);
    if (!now.length || !old.length) return put(at, now);
    const { items, fresh } = rearranged(old, now);
    return edit([{ op: "order", at, items, new: fresh }]);
  };
  return (
    <fieldset class="field rows">
      <legend>{label}</legend>
      {hint ? <p class="hint">{hint}</p> : null}
      {kind.item?.kind === "either" ? (
        <Ranks at={at} ranks={old} label={label} />
      ) : (
        <Cells at={at} columns={(kind.item?.of ?? []) as Kind[]} rows={old} label={label} />
      )}
      <Fold summary={t("as_lines")}>
        <TextField label={label} hidden hint={t("line_each")} long lines value={linesOf(value)} save={save} />
      </Fold>
    </fieldset>
  );
}

/** Rows of the same fields: from where to where, or how far east and north. */
function Cells({ at, columns, rows, label }: { at: Step[]; columns: Kind[]; rows: Plain[]; label: string }) {
  const [problems, setProblems] = useState<Problem[]>([]);
  const [all, setAll] = useState(false);
  const named = columns.map((each, j) => t(each.kind === "number" ? `column_number_${j + 1}` : `column_state_${j + 1}`));
  const known = statesWith();
  const fresh = columns.map((each, j): Plain => (each.kind === "number" ? (j === 0 ? 0 : 50) : (known[Math.min(j, known.length - 1)] ?? "1")));
  return (
    <>
      {(all ? rows : rows.slice(0, MANY)).map((row, k) => {
        const cells = Array.isArray(row) ? row : [row];
        return (
          <div class="row" key={k}>
            {columns.map((each, j) => {
              const stands = words(cells[j]);
              const called = t("cell_of", { name: label, n: k + 1, column: named[j] ?? "" });
              const put1 = async (typed: string) => {
                const refused = await edit([{ op: "set", at: [...at, k, j], value: each.kind === "number" ? number(typed) : typed }]);
                setProblems(refused);
                return refused;
              };
              return each.kind === "number" ? (
                <TextField key={named[j]} label={called} hidden number value={stands} save={put1} />
              ) : (
                <select key={named[j]} aria-label={called} value={stands} onChange={(event) => void put1((event.target as HTMLSelectElement).value)}>
                  {statesWith(stands).map((one) => (
                    <option key={one} value={one}>
                      {stateName(one)}
                    </option>
                  ))}
                </select>
              );
            })}
            <button
              type="button"
              class="small"
              aria-label={t("remove_of", { name: t("nth", { name: label, n: k + 1 }) })}
              onClick={async () => setProblems(await takenOut(at, rows.length, k))}
            >
              ×
            </button>
          </div>
        );
      })}
      {rows.length > MANY && !all ? (
        <button type="button" class="small" onClick={() => setAll(true)}>
          {t("show_all", { n: rows.length })}
        </button>
      ) : null}
      <button
        type="button"
        class="small"
        aria-label={t("add_to", { name: label })}
        onClick={async () => setProblems(await added(at, rows.length, fresh))}
      >
        {t("add")}
      </button>
      <Problems problems={problems} />
    </>
  );
}

/** States from best to worst; those of one rank are liked equally. All stay ranked: they are put together and apart, not taken out. */
function Ranks({ at, ranks, label }: { at: Step[]; ranks: Plain[]; label: string }) {
  const [problems, setProblems] = useState<Problem[]>([]);
  const stand = ranks.map(list);
  const known = statesWith();
  const put1 = async (now: string[][]) => {
    const { items, fresh } = rearranged(
      ranks,
      now.filter((each) => each.length).map((each) => (each.length === 1 ? (each[0] ?? "") : each)),
    );
    setProblems(await edit([{ op: "order", at, items, new: fresh }]));
  };
  const joined = (k: number, state: string) => put1(stand.map((each, m) => (m === k ? [...each, state] : each.filter((one) => one !== state))));
  const apart = (k: number, state: string) => put1(stand.flatMap((each, m) => (m === k ? [each.filter((one) => one !== state), [state]] : [each])));
  const choose = (said: string, name: string, left: string[], take: (state: string) => void) =>
    left.length ? (
      <select
        aria-label={name}
        value=""
        onChange={(event) => {
          const state = (event.target as HTMLSelectElement).value;
          if (state) take(state);
        }}
      >
        <option value="">{said}</option>
        {left.map((each) => (
          <option key={each} value={each}>
            {stateName(each)}
          </option>
        ))}
      </select>
    ) : null;
  return (
    <>
      <Ordered
        n={stand.length}
        label={label}
        name={(k) => (stand[k] ?? []).map(stateName).join(", ")}
        move={(items) => void edit([{ op: "order", at, items }])}
      >
        {(k) => {
          const states = stand[k] ?? [];
          return (
            <span class="chips">
              {states.map((each) => (
                <span class="chip" key={each}>
                  {stateName(each)}
                  {states.length > 1 ? (
                    <button
                      type="button"
                      title={t("rank_apart", { name: each })}
                      aria-label={t("rank_apart", { name: each })}
                      onClick={() => void apart(k, each)}
                    >
                      ×
                    </button>
                  ) : null}
                </span>
              ))}
              {choose(
                t("rank_equal"),
                t("nth", { name: t("rank_equal"), n: k + 1 }),
                known.filter((each) => !states.includes(each)),
                (state) => void joined(k, state),
              )}
            </span>
          );
        }}
      </Ordered>
      {choose(
        t("rank_worst"),
        `${label}: ${t("rank_worst")}`,
        known.filter((each) => !stand.flat().includes(each)),
        async (state) => setProblems(await added(at, ranks.length, state)),
      )}
      <Problems problems={problems} />
    </>
  );
}
