# %% [markdown]
# # What could be agreed
#
# Deals, what clashes, what would open a deal, and what different ideas of fairness pick.
# %%
import bestand

valley = bestand.conflict(bestand.read("example/en"), scale="cardinal")
bestand.agreements(valley, that="truce")
# %% [markdown]
# The demands that clash, as smallest sets: each of them is a proof that nothing can be agreed that meets them all.
# %%
bestand.cores(valley, which="every want", most=4)
# %% [markdown]
# The outcomes that cannot be improved for one party without loss to another.
# %%
edge = bestand.frontier(valley, among="truce or not truce")
edge
# %% [markdown]
# What a rule of division picks from them, with all its ties.
# %%
bestand.settle(edge, rule="nash")
# %% [markdown]
# A negotiation, or a game, of another program is a case like any other. Here a game of Gambit; what was kept, changed and lost is said.
# %%
from bestand.exchange.reading import read_files

game = 'NFG 1 R "Chicken" { "North" "South" } { { "stay" "swerve" } { "stay" "swerve" } } 0 0 1 3 3 1 2 2'
found = read_files({"chicken.nfg": game.encode()})
found
# %%
bestand.stability(bestand.conflict(bestand.read_text(found.text)))
