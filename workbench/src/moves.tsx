import { useEffect, useRef, useState } from "preact/hooks";
import { told as inWords, version } from "./case";
import type { State, Moves as Told } from "./model";
import { Problems, Tag, useTold } from "./parts";
import { Picture, savePngOf } from "./picture";
import { go, link, route } from "./route";
import { get, post, sheet } from "./server";
import { OpenToday } from "./watch";
import { language, t } from "./words";

/** One state: who would leave, why, and what stops them. */
function StateShown({ state, children }: { state: State; children?: preact.ComponentChildren }) {
  return (
    <article class="state" aria-labelledby="state-title">
      <h2 id="state-title">{state.now ? t("today") : state.name}</h2>
      <p>
        {state.rests.length ? (
          <Tag kind="holds">{t("rests_under", { list: state.rests.map((each) => t(`choice_${each}`)).join(", ") })}</Tag>
        ) : (
          <Tag kind="fails">{t("rests_not")}</Tag>
        )}
        {state.terms.map((each) => (
          <Tag key={each} kind="term">
            {each}
          </Tag>
        ))}
      </p>
      <ul class="witnesses">
        {state.parties.map((each) => (
          <li key={each.party} class={each.stays ? "stays" : "goes"}>
            <h3>
              {each.name}{" "}
              <span class="quiet">
                {each.stays ? t("stays") : t("would_leave")}
                {state.now ? "" : ` · ${t(`against_${each.against_now + 1}`)}`}
              </span>
            </h3>
            {each.told.map((text) => (
              <p key={text}>{text}</p>
            ))}
          </li>
        ))}
      </ul>
      {state.events.length ? (
        <>
          <h3>{t("happens")}</h3>
          <ul>
            {state.events.map((each) => (
              <li key={each.name + each.key}>
                {each.name}: {each.changes}
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {children}
    </article>
  );
}

const FEW = 6; // states at rest that are listed at first

export function Moves() {
  const key = route.value[1] ?? "";
  const { told, problems } = useTold(() => get<Told>("/moves"), [version(), language.value]);
  const asked = useTold(() => post<State>("/state", { key: key || "now" }), [key, version(), language.value]);
  const [all, setAll] = useState(false);
  const rests = all ? told?.rests : told?.rests.slice(0, FEW);
  const links = asked.told ? (
    <p class="links">
      <a href={link("walk", asked.told.key)}>{t("walk_from_here")}</a>
      {key ? <a href={link("moves")}>{t("close_state")}</a> : null}
    </p>
  ) : null;
  return (
    <div class="screen">
      <h1>{t("nav_moves")}</h1>
      <p class="lead">{t("about_moves")}</p>
      <Problems problems={problems} />
      {told?.picture ? (
        <figure class="wide">
          <Picture svg={told.picture} choose={(state) => go("moves", told.keys[state] ?? "now")} />
          <figcaption class="quiet">
            {t("picture_key")} <a href={`/hand/moves.svg?language=${language.value}`}>SVG</a>{" "}
            <button type="button" class="plain" onClick={() => void savePngOf(`/hand/moves.svg?language=${language.value}`, "moves.png")}>
              PNG
            </button>
          </figcaption>
        </figure>
      ) : null}
      {told ? <OpenToday /> : null}
      <div class="two">
        <section aria-labelledby="rests-title">
          <h2 id="rests-title">{t("rests_title")}</h2>
          <ol class="rests">
            {rests?.map((each) => (
              <li key={each.key} class={each.key === asked.told?.key ? "open" : ""}>
                <a href={link("moves", each.key)}>{each.name}</a>
                <p class="quiet">
                  {[
                    each.terms.join(", "),
                    each.alike > 1 ? t("alike", { n: each.alike }) : "",
                    t(each.way === null ? "no_way" : each.improving ? "way_improving" : "way_any"),
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </p>
                {each.way?.length ? (
                  <details>
                    <summary>{t("the_way")}</summary>
                    <ol>
                      {each.way.map((step) => (
                        <li key={step}>{step}</li>
                      ))}
                    </ol>
                  </details>
                ) : null}
              </li>
            ))}
          </ol>
          {told && told.rests.length > FEW && !all ? (
            <button type="button" class="small" onClick={() => setAll(true)}>
              {t("rests_more", { n: told.rests.length })}
            </button>
          ) : null}
          {told && !told.rests.length ? <p>{t("rests_none")}</p> : null}
        </section>
        {key ? null : (
          <div aria-live="polite">
            <Problems problems={asked.problems} />
            {asked.told ? <StateShown state={asked.told}>{links}</StateShown> : null}
          </div>
        )}
      </div>
      {key ? (
        <div class="drawer" aria-live="polite">
          <Problems problems={asked.problems} />
          {links}
          {asked.told ? <StateShown state={asked.told} /> : null}
        </div>
      ) : null}
    </div>
  );
}
let walked: { of: string; path: string[] } = { of: "", path: ["now"] }; // the walk of a case that one comes back to from another screen

/** A walk: choose a move for any party, see what each other would do and why, step back, keep it as a note. */
export function Walk() {
  const of = sheet.value?.name ?? "";
  const path = route.value.length > 1 ? route.value.slice(1) : walked.of === of ? walked.path : ["now"];
  walked = { of, path };
  const here = path.join("/");
  const ask = async () => ({ of: here, state: await post<State>("/state", { key: path.at(-1) ?? "now", walk: true, way: path.slice(0, -1) }) });
  const asked = useTold(ask, [here, version(), language.value]);
  const { told, old } = { told: asked.told?.state, old: asked.told?.of !== here }; // moves of a state that was left lead nowhere from here
  const walk = (...keys: string[]) => go("walk", ...keys);
  useEffect(() => {
    if (route.value[0] === "walk" && route.value.length === 1 && path.length > 1) location.replace(link("walk", ...path)); // the address says where one stands
  }, []);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (path.length > 1 && !old && document.activeElement === document.body) title.current?.focus();
  }, [asked.told]); // the move that had the focus is gone
  const start = path[0] === "now" ? t("today") : t("start");
  const rest = told?.rests.length ? t("rests_under", { list: told.rests.map((each) => t(`choice_${each}`)).join(", ") }) : t("rests_not");
  const note = [inWords(sheet.value?.file?.title), start, ...(told?.way ?? []).map((said, k) => `${k + 1}. ${said}`), rest].join("\n");
  return (
    <div class="screen walk" aria-busy={asked.busy}>
      <h1>{t("nav_walk")}</h1>
      <p class="lead">{t("about_walk")}</p>
      <Problems problems={asked.problems} />
      {path.length < 2 ? null : (
        <ol class="trail" aria-label={t("the_way")}>
          {path.map((key, k) => (
            <li key={`${k}${key}`}>
              <button type="button" class="plain" disabled={k === path.length - 1} onClick={() => walk(...path.slice(0, k + 1))}>
                {k === 0 ? start : (told?.way[k - 1] ?? "…")}
              </button>
            </li>
          ))}
        </ol>
      )}
      <p>
        <button type="button" disabled={path.length < 2} onClick={() => walk(...path.slice(0, -1))}>
          {t("step_back")}
        </button>{" "}
        <button type="button" disabled={path.length < 2} onClick={() => void navigator.clipboard?.writeText(note)}>
          {t("copy_note")}
        </button>{" "}
        {path.length < 2 ? (
          <button type="button" disabled>
            {t("keep_note")}
          </button>
        ) : (
          <a class="button" download="walk.txt" href={`data:text/plain;charset=utf-8,${encodeURIComponent(note)}`}>
            {t("keep_note")}
          </a>
        )}
      </p>
      {told ? (
        <>
          <section class="here" aria-live="polite">
            <h2 ref={title} tabIndex={-1}>
              {told.now ? t("today") : told.name}
            </h2>
            <p>
              <Tag kind={told.rests.length ? "holds" : "fails"}>{rest}</Tag>
              {told.terms.map((each) => (
                <Tag key={each} kind="term">
                  {each}
                </Tag>
              ))}
            </p>
          </section>
          <div class="movers">
            {told.parties.map((party) => (
              <section key={party.party} aria-labelledby={`walk-${party.party}`}>
                <h3 id={`walk-${party.party}`}>
                  {party.name} <span class="quiet">{party.stays ? t("stays") : t("would_leave")}</span>
                </h3>
                {party.told[0] ? <p class="quiet">{party.told[0]}</p> : null}
                <ul>
                  {party.moves.map((move) => (
                    <li key={move.key}>
                      <button type="button" class={`move gain${move.gain + 1}`} disabled={old} onClick={() => walk(...path, move.key)}>
                        {move.changes}{" "}
                        <Tag kind={move.gain > 0 ? "holds" : move.gain < 0 ? "fails" : "none"}>
                          {move.best ? t("best_move") : t(`gain_${move.gain + 1}`)}
                        </Tag>
                      </button>
                      <span class="hint">{move.because}</span>
                    </li>
                  ))}
                </ul>
              </section>
            ))}
            {told.events.length ? (
              <section aria-labelledby="walk-events">
                <h3 id="walk-events">{t("happens")}</h3>
                <ul>
                  {told.events.map((each) => (
                    <li key={each.name + each.key}>
                      <button type="button" class="move" disabled={old} onClick={() => walk(...path, each.key)}>
                        {each.name}
                      </button>
                      <span class="hint">{each.changes}</span>
                    </li>
                  ))}
                </ul>
              </section>
            ) : null}
          </div>
        </>
      ) : null}
    </div>
  );
}
