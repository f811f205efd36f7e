/** What stands between two markers of a document, by the name in the first of them. */
export type Sections = Readonly<Record<string, string>>;

const SECTION = /(<!-- table: ([a-z-]+) -->\n)[\s\S]*?(<!-- end -->)/g;

/** The document with these sections in their places; others stay as they are. */
export function withSections(document: string, sections: Sections): string {
  const placed = sectionNames(document);
  const homeless = Object.keys(sections).filter((name) => !placed.includes(name));
  // Or a table would go missing without a word.
  if (homeless.length > 0) throw new Error(`the document has no place for ${homeless.join(", ")}`);
  return document.replace(SECTION, (all, begin: string, name: string, end: string) => {
    const section = sections[name];
    return section === undefined ? all : `${begin}${section}\n${end}`;
  });
}

/** The names of a document's sections. */
export function sectionNames(document: string): readonly string[] {
  return [...document.matchAll(SECTION)].map(([, , name = ""]) => name);
}
