import { useEffect, useState } from "preact/hooks";
import { Ground, hasGround, Strip } from "./ground";
import { percent } from "./logic";
import type { Truce as Told, Zones } from "./model";
import { Problems, useTold } from "./parts";
import { Picture, TakeAlong } from "./picture";
import { link } from "./route";
import { get, post, sheet } from "./server";
import { language, numeral, t } from "./words";

function Slider({
  label,
  value,
  low,
  high,
  step,
  show,
  set,
}: {
  label: string;
  value: number;
  low: number;
  high: number;
  step: number;
  show: (value: number) => string;
  set: (value: number) => void;
}) {
  return (
    <label class="slider">
      <span>{label}</span>
      <input
        type="range"
        min={low}
        max={high}
        step={step}
        value={value}
        aria-valuetext={show(value)}
        onInput={(event) => set(Number((event.target as HTMLInputElement).value))}
      />
      <output>{show(value)}</output>
    </label>
  );
}

export function Truce() {
  const version = sheet.value?.version;
  const zones = useTold(() => get<Zones>("/zones"), [version, language.value]);
  const [factors, setFactors] = useState<Record<string, number>>({});
  const [presence, setPresence] = useState<Record<string, string>>({});
  const [incidents, setIncidents] = useState(1);
  const [months, setMonths] = useState(12);
  const [leaves, setLeaves] = useState(0);
  const zone = (name: string) => zones.told?.zones.some((each) => each.zone === name);
  const held = ([name, setting]: [string, string]) =>
    zones.told?.levers.some((each) => each.lever === name && each.settings.some((one) => one.setting === setting));
  const wanted = {
    factors: Object.fromEntries(Object.entries(factors).filter(([name]) => zone(name))),
    presence: Object.fromEntries(Object.entries(presence).filter(held)),
    incidents,
    months,
    leaves: leaves || null,
  }; // of what the case still has
  const [asks, setAsks] = useState(wanted);
  useEffect(() => {
    const waiting = setTimeout(() => setAsks(wanted), 40);
    return () => clearTimeout(waiting);
  }, [JSON.stringify(wanted)]);
  const { told, problems, busy } = useTold(
    async () => (zones.told?.asked ? post<Told>("/truce", asks) : null),
    [version, language.value, JSON.stringify(asks), zones.told?.asked],
  );
  const known = zones.told;
  if (known && !known.asked)
    return (
      <div class="screen">
        <h1>{t("nav_truce")}</h1>
        <p>
          {t("truce_no_zones")} <a href={link("build", "zones")}>{t("section_zones")}</a> {t("truce_also")}{" "}
          <a href={link("build", "deterrence")}>{t("section_deterrence")}</a>
        </p>
        {hasGround() ? <Ground /> : <Strip zones={known.zones} />}
      </div>
    );
  return (
    <div class="screen" aria-busy={busy}>
      <h1>{t("nav_truce")}</h1>
      <p class="lead">{t("about_truce")}</p>
      <Problems problems={[...zones.problems, ...problems]} />
      <div class="two uneven">
        <section aria-label={t("truce_numbers")}>
          {known && !hasGround() ? <Strip zones={known.zones} /> : null}
          {known?.zones
            .filter((each) => each.guards.length)
            .map((each) => (
              <Slider
                key={each.zone}
                label={t("forces_in", { zone: each.name })}
                value={factors[each.zone] ?? 1}
                low={0}
                high={3}
                step={0.1}
                show={(value) => `× ${numeral(value, 1)}`}
                set={(value) => setFactors({ ...factors, [each.zone]: value })}
              />
            ))}
          {known?.levers.map((each) => (
            <div class="field" key={each.lever}>
              <label for={`at-${each.lever}`}>
                {each.label}
                {each.backstop ? ` (${t("backstop")})` : ""}
              </label>
              <select
                id={`at-${each.lever}`}
                value={presence[each.lever] ?? ""}
                onChange={(event) => {
                  const setting = (event.target as HTMLSelectElement).value;
                  const { [each.lever]: _, ...rest } = presence;
                  setPresence(setting ? { ...rest, [each.lever]: setting } : rest);
                }}
              >
                <option value="">{t("as_played")}</option>
                {each.settings.map((one) => (
                  <option key={one.setting} value={one.setting}>
                    {t("held_at", { setting: one.name })}
                  </option>
                ))}
              </select>
            </div>
          ))}
          {known?.events.length ? (
            <Slider
              label={t("incident_rate")}
              value={incidents}
              low={0}
              high={4}
              step={0.1}
              show={(value) => `× ${numeral(value, 1)}`}
              set={setIncidents}
            />
          ) : null}
          {known?.leaves ? (
            <Slider
              label={t("backstop_leaves")}
              value={leaves}
              low={0}
              high={24}
              step={1}
              show={(value) => (value ? t("in_month", { n: value }) : t("as_played"))}
              set={setLeaves}
            />
          ) : null}
          {known ? (
            <>
              <Slider
                label={t("months_ahead")}
                value={months}
                low={1}
                high={36}
                step={1}
                show={(value) => t("n_months", { n: value })}
                set={setMonths}
              />
              <button
                type="button"
                onClick={() => {
                  setFactors({});
                  setPresence({});
                  setIncidents(1);
                  setLeaves(0);
                  setMonths(12);
                }}
              >
                {t("as_stated")}
              </button>
            </>
          ) : null}
        </section>
        <section aria-label={t("truce_curves")}>
          {told ? (
            <>
              <figure>
                <Picture svg={told.picture} />
                <figcaption class="quiet">
                  {t("curve_key")} <TakeAlong svg={() => told.picture} name="truce" />
                </figcaption>
              </figure>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{t("truce_what")}</th>
                    <th scope="col">{t("truce_after", { months: told.months })}</th>
                    <th scope="col">{t("truce_error")}</th>
                    <th scope="col">{t("truce_spread")}</th>
                  </tr>
                </thead>
                <tbody>
                  {told.told.map((each) => (
                    <tr key={each.name}>
                      <th scope="row">{each.name}</th>
                      <td>{percent(each.share)}</td>
                      <td>{each.error === null ? "" : `± ${numeral(100 * each.error, 1)}`}</td>
                      <td>
                        {percent(each.low)} – {percent(each.high)} <span class="quiet">({each.draws})</span>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
              <p class="quiet">{t("truce_caveat")}</p>
            </>
          ) : null}
        </section>
      </div>
      {hasGround() && known ? <Ground /> : null}
    </div>
  );
}
