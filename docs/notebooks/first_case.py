# %% [markdown]
# # A first case
#
# An invented quarrel about a reservoir: who can do what, who says so, where it can come to rest. Every result shows itself, as a table and, where
# people would rather look, as a picture.
# %%
import bestand

case = bestand.read("example/en")
case
# %% [markdown]
# What an analyst should look at again. The source stands beside the case, so every quote was checked word for word.
# %%
bestand.check(case)
# %% [markdown]
# One view of the case made ready to be asked: its parties, and the levers that vary.
# %%
valley = bestand.conflict(case, hold="lower.wells=no")
valley
# %% [markdown]
# Where it can rest, under each foresight, if others reply by their best moves. An equilibrium is where a conflict *can* rest; it is no forecast.
# %%
bestand.stability(valley, moves="best")
# %% [markdown]
# Why today does, or does not, rest: the tempting move and the reply that stops it.
# %%
bestand.why(valley, state="now", party="co", moves="best")
# %% [markdown]
# How it gets from today to a truce by moves that are best for those who make them, or by any move.
# %%
bestand.paths(valley, goal="truce", by="any")
# %% [markdown]
# All of that at once, with what each conclusion leans on.
# %%
bestand.study(case, quick=True, draws=1, hypotheses=False)
