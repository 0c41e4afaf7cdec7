import { useLayoutEffect, useRef } from "preact/hooks";

/** The page allows no styles inside its elements; its own sheet says how drawings look. */
const bare = (svg: string) => svg.replace(/ style="[^"]*"/g, "");

/** A drawing of the library, put into the page as elements; what is marked with a state can be chosen. */
export function Picture({ svg, choose }: { svg: string; choose?: (state: string, element: Element) => void }) {
  const holder = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // before the page is shown: what stands below does not jump
    const drawn = new DOMParser().parseFromString(bare(svg), "image/svg+xml").documentElement;
    if (drawn.tagName !== "svg" || !holder.current) return;
    if (choose) {
      for (const part of drawn.querySelectorAll("[data-state]")) {
        part.setAttribute("tabindex", "0");
        part.setAttribute("role", "button");
        part.querySelector("title")?.remove();
      }
      drawn.setAttribute("role", "group");
    }
    const put = document.importNode(drawn, true) as unknown as SVGSVGElement;
    put.style.setProperty("--drawn", `${put.viewBox.baseVal.width}px`); // letters stay large enough to read: what is wider scrolls
    holder.current.replaceChildren(put);
  }, [svg]);
  const chosen = (event: Event) => {
    const part = (event.target as Element).closest("[data-state]");
    if (part && choose) choose(part.getAttribute("data-state") ?? "", part);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the boxes inside are the buttons; this only listens for them
    <div
      class="picture"
      ref={holder}
      onClick={chosen}
      onKeyDown={(event) => {
        if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          chosen(event);
        }
      }}
    />
  );
}

/** The two ways to take a picture along. */
export function TakeAlong({ svg, name }: { svg: () => string; name: string }) {
  return (
    <>
      <button type="button" class="plain" onClick={() => saveFile(new Blob([svg()], { type: "image/svg+xml" }), `${name}.svg`)}>
        SVG
      </button>{" "}
      <button type="button" class="plain" onClick={() => savePng(svg(), `${name}.png`)}>
        PNG
      </button>
    </>
  );
}

/** Saves a drawing as a PNG file. */
export function savePng(svg: string, name: string): void {
  const box = /viewBox="([^"]*)"/.exec(svg)?.[1]?.split(/\s+/).map(Number) ?? [];
  const [width, height] = [box[2] ?? 800, box[3] ?? 400];
  const sized = svg.replace("<svg ", `<svg width="${width}" height="${height}" `);
  const image = new Image();
  const address = URL.createObjectURL(new Blob([sized], { type: "image/svg+xml" }));
  image.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = 2 * width;
    canvas.height = 2 * height;
    const pen = canvas.getContext("2d");
    if (!pen) return;
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(address);
    canvas.toBlob((blob) => {
      if (blob) saveFile(blob, name);
    });
  };
  image.src = address;
}

/** Saves a drawing that the server keeps as a PNG file. */
export const savePngOf = async (address: string, name: string): Promise<void> => savePng(await (await fetch(address)).text(), name);

export function saveFile(blob: Blob, name: string): void {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(blob);
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 1000);
}
