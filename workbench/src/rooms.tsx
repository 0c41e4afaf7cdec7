import { calledIn } from "./case";
import { InFull } from "./parts";
import { link, route } from "./route";
import { post, sheet } from "./server";
import { t } from "./words";

/** Screens by what one comes for. */
const ROOMS: [string, string[]][] = [
  ["room_read", ["read"]],
  ["room_build", ["build", "text", "start"]],
  ["room_ask", ["moves", "walk", "deals", "truce", "watch", "ahead", "carries", "changes"]],
  ["room_hand", ["hand"]],
];

export function Rooms() {
  const here = route.value[0] ?? "build";
  return (
    <nav class="rooms" aria-label={t("rooms")}>
      {ROOMS.map(([room, screens]) => (
        <div key={room}>
          <span class="room">{t(room)}</span>
          {screens.map((each) => (
            <a key={each} href={link(each)} aria-current={each === here ? "page" : undefined}>
              {t(`nav_${each}`)}
            </a>
          ))}
        </div>
      ))}
      {here === "answer" ? null : (
        <button type="button" class="plain to-answer" onClick={() => document.getElementById("answer-title")?.focus()}>
          {t("answer_title")} ↓
        </button>
      )}
      <Views />
    </nav>
  );
}

function Views() {
  const views = Object.keys((sheet.value?.file?.views ?? {}) as Record<string, unknown>);
  if (views.length < 2) return null;
  const view = sheet.value?.view ?? "";
  return (
    <div class="views">
      <label class="room" for="view">
        {t("view")}
      </label>
      <select id="view" value={view} onChange={(event) => void post("/view", { view: (event.target as HTMLSelectElement).value })}>
        {views.includes("core") ? null : <option value="">{t("all_levers")}</option>}
        {[...views]
          .sort((a, b) => Number(b === "core") - Number(a === "core"))
          .map((each) => (
            <option key={each} value={each} title={each}>
              {calledIn("views", each)}
            </option>
          ))}
      </select>
      <InFull said={view ? calledIn("views", view) : ""} fits={14} />
    </div>
  );
}
