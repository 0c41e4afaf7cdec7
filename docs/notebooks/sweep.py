# %% [markdown]
# # What if we are wrong, everywhere at once
#
# All that the case leaves open, drawn a few hundred times: how often an answer comes out, what carries it, and what turns it alone.
# %%
import tempfile

import bestand

case = bestand.read("example/en")
openings = bestand.space(case, kinds=["claim", "type", "place", "want"])
openings
# %% [markdown]
# The question: can a truce rest? Draws are kept as Parquet in a folder; a sweep that is stopped goes on where it was.
# %%
rests = bestand.measure(case, "rests truce")
folder = tempfile.TemporaryDirectory()
swept = bestand.sweep(case, openings, rests, n=400, out=folder.name)
bestand.shares(swept)
# %% [markdown]
# What goes with the answer.
# %%
bestand.ranks(swept)
# %% [markdown]
# Where it comes out, in words.
# %%
bestand.boxes(swept)
# %% [markdown]
# What turns the answer alone, the nearest first.
# %%
bestand.tipping(case, openings, rests)
# %%
folder.cleanup()
