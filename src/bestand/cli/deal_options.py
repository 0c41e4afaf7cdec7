"""Options that the commands on deals share."""

from __future__ import annotations

import click

from bestand.cli.asking import Amount, each_once

that_ = click.option("--that", help="Condition that a deal must have in any case.")
fallback_ = click.option("--fallback", default="now", show_default=True, help="What parties fall back on: now, a state's name, or lever=setting,…")
excluding_ = click.option("--excluding", multiple=True, help="Party without a veto; may be repeated.")
every_want_ = click.option("--every-want", is_flag=True, help="Look for clashes among all single wants, not only red lines and fallbacks.")
sized_ = click.option("--sized", is_flag=True, help="Weigh wants by their `worth` instead of ordering them.")
rule_ = click.option("--rule", default="nash", show_default=True, help="nash, kalai_smorodinsky, egalitarian or utilitarian.")
power_ = click.option("--power", type=Amount(), multiple=True, callback=each_once, help="party=bargaining power; may be repeated.")
