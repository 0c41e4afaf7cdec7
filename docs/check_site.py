"""What a browser would find in the built site: no address that it would fetch from elsewhere, no link that leads nowhere.

`python docs/check_site.py build/docs` after `make docs`, which runs it.
"""

from __future__ import annotations

import pathlib
import re
import sys
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

FETCHED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "audio": "src", "video": "src", "embed": "src", "object": "data"}


class Seen(HTMLParser):
    """Links, anchors and what is fetched, of one page."""

    def __init__(self, path: pathlib.Path) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = {""}
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag in FETCHED and FETCHED[tag] in given:
            self.fetched.append(given[FETCHED[tag]])
        if tag == "link" and not {"canonical", "prev", "next", "search", "index"} & set(given.get("rel", "").split()):
            self.fetched.append(given.get("href", ""))
        if tag == "a" and "href" in given:
            self.links.append(given["href"])


def wrong(folder: pathlib.Path) -> list[str]:
    """Everything that is wrong with a site."""
    pages = {path: Seen(path) for path in sorted(folder.rglob("*.html"))}
    found = [] if pages else [f"{folder}: no pages"]
    for path, page in pages.items():
        found += [f"{path}: fetches {each}" for each in page.fetched if is_elsewhere(each)]
        found += [f"{path}: {each} leads nowhere" for each in page.links if not is_elsewhere(each) and not leads(path, each, pages)]
    for path in folder.rglob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
        found += [f"{path}: fetches {each}" for each in re.findall(r"(?:url\(|@import)\s*['\"]?([^'\")]+)", text) if is_elsewhere(each)]
    return found


def is_elsewhere(address: str) -> bool:
    return bool(urlsplit(address).netloc) or urlsplit(address).scheme in ("http", "https", "ftp", "mailto")


def leads(path: pathlib.Path, link: str, pages: dict[pathlib.Path, Seen]) -> bool:
    """Whether a link within the site leads to a page, and to a place on it."""
    parts = urlsplit(link)
    to = (path.parent / unquote(parts.path)).resolve() if parts.path else path.resolve()
    page = next((pages[each] for each in (to, to / "index.html") if each in pages), None)
    return unquote(parts.fragment) in page.anchors if page else to.is_file() and not parts.fragment


if __name__ == "__main__":
    all_wrong = wrong(pathlib.Path(sys.argv[1]).resolve())
    print("\n".join(all_wrong) or "site: every link leads somewhere, nothing is fetched from elsewhere")
    sys.exit(1 if all_wrong else 0)
