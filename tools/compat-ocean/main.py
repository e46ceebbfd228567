"""An invented system for `npm run compat:ocean`: five areas that stay, and items that are others in each run."""

import os

from port_ocean.context.ocean import ocean
from port_ocean.core.ocean_types import ASYNC_GENERATOR_RESYNC_TYPE

RUN = os.environ["COMPAT_RUN"]


@ocean.on_resync("area")
async def areas(kind: str) -> ASYNC_GENERATOR_RESYNC_TYPE:
    yield [{"id": f"area-{n}", "name": f"Area {n}"} for n in range(5)]


@ocean.on_resync("item")
async def items(kind: str) -> ASYNC_GENERATOR_RESYNC_TYPE:
    yield [{"id": f"{RUN}-{n}", "name": f"Item {n}", "area": f"area-{n % 5}"} for n in range(15)]
