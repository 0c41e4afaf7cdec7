import { signal } from "@preact/signals";

const parsed = () => location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
/** Where the reader is: `#/build/wants/ru` is ["build", "wants", "ru"]. */
export const route = signal<string[]>(parsed());
addEventListener("hashchange", () => {
  route.value = parsed();
});
export const go = (...steps: (string | number)[]) => {
  location.hash = `/${steps.map((step) => encodeURIComponent(String(step))).join("/")}`;
};
export const link = (...steps: (string | number)[]) => `#/${steps.map((step) => encodeURIComponent(String(step))).join("/")}`;
