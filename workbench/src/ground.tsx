import { useState } from "preact/hooks";
import type { Entry, Zones } from "./model";
import { Problems, Tag, useTold } from "./parts";
import { Picture, savePng } from "./picture";
import { link } from "./route";
import { post, Refusal, sheet } from "./server";
import { language, t } from "./words";

interface Told {
  map: boolean;
  picture: string;
  where: { that: string; words: string }[];
  areas: { area: string; name: string; held: string; claimed: string; disputed: boolean; zone: string; basis: string }[];
}

/** Whether the case says which ground its zones are: then there is a map. */
export const hasGround = () => Object.keys((sheet.value?.file?.areas ?? {}) as Entry).length > 0;

/** The map of areas and zones, as it stands today or where a condition holds. */
export function Ground() {
  const version = sheet.value?.version;
  const [where, setWhere] = useState("");
  const ask = () =>
    post<Told>("/ground", { where }).catch((error) => {
      if (!where || !(error instanceof Refusal)) throw error;
      setWhere(""); // the condition is gone from the case
      return post<Told>("/ground", { where: "" });
    });
  const { told, problems } = useTold(ask, [version, language.value, where]);
  const file = `zones.svg?language=${language.value}&where=${encodeURIComponent(where)}`;
  return (
    <section class="ground" aria-labelledby="ground-title">
      <h2 id="ground-title">{t("ground_title")}</h2>
      <Problems problems={problems} />
      {told?.where.length || where ? (
        <div class="field">
          <label for="ground-when">{t("ground_when")}</label>
          <select id="ground-when" value={where} onChange={(event) => setWhere((event.target as HTMLSelectElement).value)}>
            <option value="">{t("ground_today")}</option>
            {told?.where.map((each) => (
              <option key={each.that} value={each.that}>
                {t("ground_where", { condition: each.words })}
              </option>
            ))}
          </select>
        </div>
      ) : null}
      {told ? (
        <>
          <figure class="wide">
            <Picture svg={told.picture} />
            <figcaption class="quiet">
              {t("ground_key")} <a href={`/hand/${file}`}>SVG</a>{" "}
              <button type="button" class="plain" onClick={() => savePng(told.picture, "zones.png")}>
                PNG
              </button>
            </figcaption>
          </figure>
          <details>
            <summary>{t("ground_table")}</summary>
            <div class="wide">
              <table>
                <thead>
                  <tr>
                    {["area", "held", "claimed", "zone"].map((each) => (
                      <th key={each} scope="col">
                        {t(`ground_${each}`)}
                      </th>
                    ))}
                    <th scope="col">{t("field_basis")}</th>
                  </tr>
                </thead>
                <tbody>
                  {told.areas.map((each) => (
                    <tr key={each.area}>
                      <th scope="row">
                        <a href={link("build", "areas", each.area)}>{each.name}</a>
                        {each.disputed ? (
                          <>
                            {" "}
                            <span class="quiet">{t("ground_disputed")}</span>
                          </>
                        ) : null}
                      </th>
                      <td>{each.held}</td>
                      <td>{each.claimed}</td>
                      <td>{each.zone}</td>
                      <td>{each.basis ? <Tag kind={each.basis}>{t(`basis_${each.basis}`)}</Tag> : null}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </details>
        </>
      ) : null}
    </section>
  );
}

/** Zones side by side, of a case without ground. */
export function Strip({ zones }: { zones: Zones["zones"] }) {
  if (!zones.length) return null;
  return (
    <ol class="strip" aria-label={t("section_zones")}>
      {zones.map((each) => (
        <li key={each.zone}>
          <strong>{each.name}</strong>
          <span class="quiet">
            {each.width_km} km · {each.attacker}
          </span>
          <span class="quiet">{each.guards.map((guard) => guard.party).join(", ")}</span>
        </li>
      ))}
    </ol>
  );
}
