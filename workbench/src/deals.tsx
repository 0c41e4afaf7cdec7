import { useEffect, useRef, useState } from "preact/hooks";
import { keys, short } from "./case";
import { type Off, stillOff, switched, switchedLine } from "./logic";
import type { Dot, Deals as Told } from "./model";
import { InFull, Problems, Tag, useTold } from "./parts";
import { TakeAlong } from "./picture";
import { go, link } from "./route";
import { post, sheet } from "./server";
import { language, t } from "./words";

const WIDTH = 440;
const HEIGHT = 320;
const FEW = 10; // packages that are listed at first
const LOOK =
  "text{font:14px sans-serif;fill:#565c65}.axis{stroke:#d8dbe0}.none{fill:#565c65;opacity:.35}.deal{fill:#0b4f8a;opacity:.8}.edge{fill:#fff;stroke:#0b4f8a;stroke-width:2.2}.today{stroke:#9b1c1c;stroke-width:2.5;fill:none}"; // of a picture that leaves the page and its sheet

/** Every outcome as two parties see it: those that could be agreed filled, the frontier ringed, today a cross. */
function Scatter({ told, names }: { told: Told["scatter"]; names: Record<string, string> }) {
  const [over, setOver] = useState<Dot | null>(null);
  const drawn = useRef<SVGSVGElement>(null);
  const alone = () =>
    drawn.current?.outerHTML.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ').replace(">", `><style>${LOOK}</style>`) ?? "";
  const xs = [...told.dots.map((dot) => dot.x), told.now[0]];
  const ys = [...told.dots.map((dot) => dot.y), told.now[1]];
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const x = (value: number) => 40 + ((WIDTH - 60) * (value - left)) / (right - left || 1);
  const y = (value: number) => HEIGHT - 34 - ((HEIGHT - 56) * (value - low)) / (high - low || 1);
  return (
    <figure>
      <svg
        ref={drawn}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        class="scatter"
        role="img"
        aria-label={t("scatter_alt", { across: names[told.across] ?? "", up: names[told.up] ?? "" })}
      >
        <line x1="40" x2={WIDTH - 14} y1={HEIGHT - 30} y2={HEIGHT - 30} class="axis" />
        <line x1="36" x2="36" y1="14" y2={HEIGHT - 34} class="axis" />
        <text x={WIDTH - 14} y={HEIGHT - 8} text-anchor="end">
          {short(names[told.across] ?? "", 40)} →
        </text>
        <text x="12" y="14" text-anchor="start">
          ↑ {short(names[told.up] ?? "", 40)}
        </text>
        {told.dots.map((dot) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: the same deals stand in the table, which the keyboard reaches
          <circle
            key={dot.key}
            cx={x(dot.x)}
            cy={y(dot.y)}
            r={dot.edge ? 5 : dot.deal ? 4 : 2.5}
            class={dot.edge ? "edge" : dot.deal ? "deal" : "none"}
            onMouseEnter={() => setOver(dot)}
            onClick={() => go("moves", dot.key)}
          />
        ))}
        <path class="today" d={`M${x(told.now[0]) - 6},${y(told.now[1]) - 6}l12,12m0,-12l-12,12`} />
      </svg>
      <figcaption class="quiet">
        {over ? over.name : t("scatter_key")} <TakeAlong svg={alone} name="deals" />
      </figcaption>
    </figure>
  );
}

export function Deals() {
  const [goal, setGoal] = useState<string | null>(null);
  const [off, setOff] = useState<Off[]>([]);
  const [unasked, setUnasked] = useState<string[]>([]);
  const [all, setAll] = useState(false);
  const [axes, setAxes] = useState<[string, string] | null>(null);
  const [demands, setDemands] = useState<Told["demands"]>([]);
  const parties = keys("parties");
  const asks = {
    that: goal && !keys("terms").includes(goal) ? null : goal,
    without: stillOff(off, demands, language.value),
    excluding: unasked.filter((each) => parties.includes(each)),
    pair: axes?.every((each) => parties.includes(each)) ? axes : null,
  }; // of what the case still has
  const { told, problems, busy } = useTold(() => post<Told>("/deals", asks), [sheet.value?.version, language.value, JSON.stringify(asks)]);
  useEffect(() => {
    if (told) setDemands(told.demands);
  }, [told]);
  if (!told)
    return (
      <div class="screen">
        <h1>{t("nav_deals")}</h1>
        <Problems problems={problems} />
      </div>
    );
  const names = Object.fromEntries(told.parties.map((each) => [each.party, each.name]));
  return (
    <div class="screen" aria-busy={busy}>
      <h1>{t("nav_deals")}</h1>
      <p class="lead">{t("about_deals")}</p>
      <Problems problems={problems} />
      <p class="answerline" role="status">
        {told.n ? t("deals_n", { n: told.n, states: told.states, gains: told.gains }) : t("deals_none")}
      </p>
      <div class="two">
        <section>
          <div class="field">
            <label for="goal">{t("deals_with")}</label>
            <select id="goal" value={told.goal} onChange={(event) => setGoal((event.target as HTMLSelectElement).value)}>
              <option value="">{t("anything")}</option>
              {told.terms.map((each) => (
                <option key={each.term} value={each.term}>
                  {each.name}
                </option>
              ))}
            </select>
            <InFull said={told.terms.find((each) => each.term === told.goal)?.name ?? ""} />
          </div>
          {told.clashes.length ? (
            <>
              <h2>{t("clashes_title")}</h2>
              <ul>
                {told.clashes.map((each) => (
                  <li key={each.join()}>{each.join(` ${t("against")} `)}</li>
                ))}
              </ul>
            </>
          ) : null}
          <fieldset class="switches">
            <legend>{t("vetoes")}</legend>
            {told.parties
              .filter((each) => !each.chance && each.signs)
              .map((each) => (
                <label key={each.party}>
                  <input type="checkbox" checked={!asks.excluding.includes(each.party)} onChange={() => setUnasked(switched(each.party))} />{" "}
                  {each.name}
                </label>
              ))}
          </fieldset>
          <details class="switches">
            <summary>{t("demands", { n: told.demands.length, off: asks.without.length })}</summary>
            {told.demands.map((each) => (
              <label key={each.at}>
                <input
                  type="checkbox"
                  checked={!asks.without.includes(each.at)}
                  onChange={() => setOff(switchedLine(each, demands, language.value))}
                />{" "}
                <span class="quiet">{names[each.party] ?? each.party}:</span> {each.words}
              </label>
            ))}
          </details>
        </section>
        <section>
          <div class="row">
            {([0, 1] as const).map((k) => (
              <div class="field" key={k}>
                <label for={`axis-${k}`}>{t(k ? "axis_up" : "axis_across")}</label>
                <select
                  id={`axis-${k}`}
                  value={k ? told.scatter.up : told.scatter.across}
                  onChange={(event) => {
                    const each = (event.target as HTMLSelectElement).value;
                    setAxes(k ? [told.scatter.across, each] : [each, told.scatter.up]);
                  }}
                >
                  {told.parties
                    .filter((each) => !each.chance)
                    .map((each) => (
                      <option key={each.party} value={each.party}>
                        {each.name}
                      </option>
                    ))}
                </select>
              </div>
            ))}
          </div>
          <Scatter told={told.scatter} names={names} />
        </section>
      </div>
      {told.deals.length ? (
        <section aria-labelledby="packages">
          <h2 id="packages">{t("packages")}</h2>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls is reached by the keyboard */}
          <div class="scrolls" role="region" aria-labelledby="packages" tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t("package")}</th>
                  {told.parties
                    .filter((each) => !each.chance)
                    .map((each) => (
                      <th key={each.party} scope="col">
                        {each.name}
                      </th>
                    ))}
                  <th scope="col">{t("rests")}</th>
                </tr>
              </thead>
              <tbody>
                {(all ? told.deals : told.deals.slice(0, FEW)).map((each) => (
                  <tr key={each.key}>
                    <td>
                      <a href={link("moves", each.key)}>{each.name}</a>
                    </td>
                    {told.parties
                      .filter((each) => !each.chance)
                      .map((party) => {
                        const gain = each.gains[party.party] ?? 0;
                        return (
                          <td key={party.party} class={gain > 0 ? "better" : gain < 0 ? "worse" : ""}>
                            {t(`short_${gain + 1}`)}
                          </td>
                        );
                      })}
                    <td>{each.rests === null ? "" : each.rests ? <Tag kind="holds">{t("yes")}</Tag> : t("no")}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {told.deals.length > FEW && !all ? (
            <button type="button" class="small" onClick={() => setAll(true)}>
              {told.n > told.deals.length ? t("show_of", { n: told.deals.length, all: told.n }) : t("show_all", { n: told.deals.length })}
            </button>
          ) : null}
        </section>
      ) : null}
    </div>
  );
}
