# %% [markdown]
# # If a truce comes, does it hold?
#
# First the level: how long ceasefires of a class have lasted. Then the game: who breaks it, and when, looking ahead.
# %%
import bestand

bestand.base_rates("interstate-force")
# %% [markdown]
# An invented truce with a guarantor whose budget may end.
# %%
text = """
bestand: 1
title: A truce and its guarantor
parties: {north: {name: North}, south: {name: South}, guard: {name: Guarantor}}
levers:
  north.fires: {is: breaks the truce}
  south.fires: {is: answers}
  guard.stays: {is: keeps its force there, now: yes, one_way: down}
terms: {truce: not north.fires and not south.fires}
events:
  incident: {sets: {north.fires: yes}, when: truce, per_month: 0.02}
  budget: {sets: {guard.stays: no}, when: guard.stays, per_month: 0.03}
wants:
  north: [{that: north.fires and not guard.stays, worth: 3}, {that: truce, worth: 1}]
  south: [{that: north.fires implies south.fires, worth: 1}, {that: truce, worth: 2}]
  guard: [{that: truce, worth: 1}]
"""
conflict = bestand.conflict(bestand.read_text(text), scale="cardinal")
conflict
# %% [markdown]
# What everyone does with a chance to move now, looking ahead over two years.
# %%
game = bestand.play(conflict, months=24, tempo=1.0, noise=0.3, discount=0.01)
game
# %% [markdown]
# The chance that the truce has not yet been left, month by month. It is a statement about this model, not about any truce.
# %%
from bestand.play.survival import survival_under

curve = survival_under(game, start="now", truce="truce", months=[1, 3, 6, 9, 12, 18, 24])
curve
# %% [markdown]
# The same as a data frame, for whatever comes next.
# %%
curve.to_pandas()
