"""A case of two banks of a river with all that a page can tell of, whose names and settings are not its words."""

from __future__ import annotations

CASE = """
bestand: 1
title: {en: Two banks, nl: Twee oevers}
as_of: "2025-03-01"
parties:
  north_bank: {name: {en: North, nl: Noord}, types: {hard_line: {value: 0.6, is: {en: unyielding, nl: onverzettelijk}}, soft_line: 0.4}}
  south_bank: {name: {en: South, nl: Zuid}}
levers:
  north_bank.opens_gate: {is: {en: North opens the gate, nl: Noord opent de sluis}, assumed: seen}
  south_bank.pays_toll:
    is: {en: what South pays, nl: wat Zuid betaalt}
    settings: [no_toll, half_toll, full_toll]
    meaning: {no_toll: {en: nothing, nl: niets}, half_toll: {en: half of it, nl: de helft}, full_toll: {en: all of it, nl: alles}}
    assumed: seen
  south_bank.blocks_road: {is: {en: South blocks the road, nl: Zuid blokkeert de weg}, now: yes, needs: {yes: not north_bank.opens_gate}, assumed: seen}
terms:
  gate_deal: {that: north_bank.opens_gate and south_bank.pays_toll >= half_toll, is: {en: the gate deal, nl: het sluisakkoord}}
  quiet_road: not south_bank.blocks_road
events: {gate_breaks: {is: {en: the gate breaks, nl: de sluis breekt}, sets: {north_bank.opens_gate: yes}, per_month: 0.1, assumed: old}}
wants:
  north_bank:
    hard_line: [{that: south_bank.pays_toll = full_toll, assumed: seen}, {that: not north_bank.opens_gate, red_line: true, assumed: seen}]
    soft_line: [{that: south_bank.pays_toll >= half_toll, assumed: seen}, {that: quiet_road, assumed: seen}]
  south_bank: [{that: north_bank.opens_gate, assumed: seen}, {that: south_bank.pays_toll = no_toll, assumed: seen}, {that: not quiet_road, assumed: seen}]
hypotheses:
  gate_first: {claim: {en: the gate comes first, nl: eerst de sluis}, test: {ask: reached, that: gate_deal, hold: {south_bank.blocks_road: no}, expect: yes}}
unsaid: [{what: who owns the gate, instead: North, where: [levers.north_bank.opens_gate, "wants.north_bank.hard_line[0]"]}]
"""
