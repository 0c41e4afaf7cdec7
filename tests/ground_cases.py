"""An invented river dispute with ground of its own, and the same on provinces that there are."""

RIVER = """bestand: 1
title: The bend in the river
language: en
parties:
  up: {name: Uplanders}
  down: {name: Lowlanders}
  guard: {name: River guard}
levers:
  up.leaves: {is: the Uplanders leave the island, now: no, assumed: invented}
  down.shells: {is: the Lowlanders shell the bank, now: no, assumed: invented}
  guard.patrols: {is: the guard patrols, settings: [none, boats], now: none, assumed: invented}
wants:
  up: [{that: not up.leaves, assumed: invented}]
  down: [{that: up.leaves, assumed: invented}]
  guard: [{that: not down.shells, assumed: invented}]
zones:
  bank: {name: the bank, width_km: 12, attacker: down, attack: down.shells, surge_k: 2, assumed: invented,
    guards: [{party: guard, lever: guard.patrols, troops_k: {none: 0, boats: 1}, assumed: invented}]}
  hills: {name: the hills, width_km: 30, attacker: down, attack: down.shells, surge_k: 1, assumed: invented}
areas:
  island: {name: {en: Heron Island, nl: Reigereiland}, ISLAND, zone: bank, claimed_by: [up, down], held_by: up,
    held_when: [{that: up.leaves, by: down, assumed: invented}], assumed: invented}
  meadow: {name: North Meadow, MEADOW, zone: bank, claimed_by: up, held_by: [up, guard], assumed: invented}
  ridge: {name: Long Ridge, RIDGE, zone: hills, claimed_by: up, held_by: up, assumed: invented}
  marsh: {name: Salt Marsh, MARSH, assumed: invented}
"""
OUTLINES = {
    "ISLAND": "outline: [[10.0, 50.0], [10.2, 50.0], [10.25, 50.1], [10.1, 50.18], [9.98, 50.1]]",
    "MEADOW": "outline: [[9.8, 50.2], [10.3, 50.22], [10.3, 50.4], [9.8, 50.38]]",
    "RIDGE": "outline: [[10.35, 49.9], [10.6, 49.9], [10.6, 50.4], [10.35, 50.4]]",
    "MARSH": "outline: [[9.7, 49.9], [9.9, 49.9], [9.9, 50.1]]",
}
CODES = {"ISLAND": "iso: NL-UT", "MEADOW": "iso: [NL-GE, NL-OV]", "RIDGE": "iso: NL-LI", "MARSH": "iso: BE"}


def river(ground=OUTLINES):
    """The case, on ground of its own or on ground that has codes."""
    text = RIVER
    for name, where in ground.items():
        text = text.replace(name, where)
    return text


WITHOUT_GROUND = RIVER.partition("areas:\n")[0]
