import { useState } from "preact/hooks";
import type { Block } from "./model";
import { Picture, TakeAlong } from "./picture";
import { link } from "./route";
import { t } from "./words";

/** A picture with the two ways to take it along. */
function Drawn({ svg, name }: { svg: string; name: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
    <figure class="wide" tabIndex={0}>
      <Picture svg={svg} />
      <figcaption class="quiet">
        <TakeAlong svg={() => svg} name={name} />
      </figcaption>
    </figure>
  );
}

function Rows({ block }: { block: Block }) {
  const [all, setAll] = useState(false);
  const rows = all ? block.rows : block.rows.slice(0, block.shown);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
      <section class="scrolls" tabIndex={0} aria-label={block.title}>
        <table>
          <thead>
            <tr>
              {block.columns.map((each, k) => (
                <th scope="col" key={k}>
                  {each}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, k) => (
              <tr key={k}>
                {row.map((cell, j) => (
                  <td key={j}>
                    {cell.text}
                    {cell.claims.map((claim) => (
                      <a key={claim} class="cite" href={link("build", "claims", claim)}>
                        {claim}
                      </a>
                    ))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {rows.length < block.rows.length ? (
        <button type="button" class="small" onClick={() => setAll(true)}>
          {t("show_all", { n: block.rows.length })}
        </button>
      ) : null}
    </>
  );
}

function Inside({ block, name }: { block: Block; name: string }) {
  return (
    <>
      {block.notes.map((each) => (
        <p key={each} class="note">
          {each}
        </p>
      ))}
      {block.picture ? <Drawn svg={block.picture} name={name} /> : null}
      {block.rows.length ? <Rows block={block} /> : null}
      {block.after.map((each) => (
        <p key={each} class="quiet">
          {each}
        </p>
      ))}
    </>
  );
}

/** Parts of the report, as the report words and draws them. */
export function Blocks({ blocks, name }: { blocks: Block[]; name: string }) {
  return (
    <>
      {blocks.map((each, k) =>
        each.folded ? (
          <details key={each.title}>
            <summary>{each.title}</summary>
            <Inside block={each} name={`${name}-${k + 1}`} />
          </details>
        ) : (
          <section key={each.title} aria-label={each.title}>
            <h2>{each.title}</h2>
            <Inside block={each} name={`${name}-${k + 1}`} />
          </section>
        ),
      )}
    </>
  );
}
