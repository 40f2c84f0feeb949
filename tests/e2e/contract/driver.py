"""Runs in the environment of the published client: calls it, and says what came of each call.

Standard input is JSON: where the server is, the key, and the calls, each [method, keyword arguments]. An argument such
as "$job_id" stands for the job_id that an earlier call was told. Standard output is a JSON list, one object a call.
"""

import asyncio
import json
import sys

import alterlab

OPTIONS = {"advanced": alterlab.AdvancedOptions, "cost_controls": alterlab.CostControls}


def argument(method, name, value, outcomes):
    if isinstance(value, str) and value.startswith("$"):
        told = (outcome.get("value", {}) for outcome in outcomes)
        return next(body[value[1:]] for body in told if value[1:] in body)
    # Crawls take these as plain objects.
    return OPTIONS[name](**value) if name in OPTIONS and not method.startswith("crawl") else value


async def outcome(client, method, arguments):
    try:
        return {"value": await getattr(client, method)(**arguments)}
    except alterlab.AlterLabError as error:
        names = [kind.__name__ for kind in type(error).__mro__]
        return {"error": names, "status": getattr(error, "status_code", None), "detail": getattr(error, "detail", None)}


async def main():
    task = json.load(sys.stdin)
    outcomes = []
    async with alterlab.AlterLab(api_key=task["key"], base_url=task["url"]) as client:
        for method, given in task["calls"]:
            arguments = {name: argument(method, name, value, outcomes) for name, value in given.items()}
            outcomes.append(await outcome(client, method, arguments))
    json.dump(outcomes, sys.stdout)


asyncio.run(main())
