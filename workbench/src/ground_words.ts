/** Words of the map of zones and of areas: English, Dutch. */
export const GROUND_WORDS: Record<string, [string, string]> = {
  section_areas: ["Areas", "Gebieden"],
  about_areas: [
    "Ground on the map: who claims it, who holds it, in which zone it lies.",
    "Grond op de kaart: wie hem opeist, wie hem in handen heeft, in welke zone hij ligt.",
  ],
  add_areas: ["Add an area", "Gebied toevoegen"],
  new_areas: ["area", "gebied"],
  field_claimed_by: ["claimed by", "opgeëist door"],
  field_held_by: ["held by", "in handen van"],
  ground_title: ["Who holds the ground", "Wie de grond in handen heeft"],
  ground_when: ["As it is", "Zoals het is"],
  ground_today: ["today", "vandaag"],
  ground_where: ["where {condition}", "waar {condition}"],
  ground_key: [
    "Who claims and who holds an area is what the case says; borders of provinces are Natural Earth's.",
    "Wie een gebied opeist en wie het in handen heeft, zegt het dossier; de grenzen van provincies zijn die van Natural Earth.",
  ],
  ground_table: ["The areas in words", "De gebieden in woorden"],
  ground_area: ["area", "gebied"],
  ground_held: ["held by", "in handen van"],
  ground_claimed: ["claimed by", "opgeëist door"],
  ground_disputed: ["disputed", "betwist"],
  ground_zone: ["zone", "zone"],
  zones_picture: ["Zones", "Zones"],
};
