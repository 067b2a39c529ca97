# `miletus api`: the documents are JSON in which every reference leads somewhere, and help is told
# by method.
import argparse
import json
import subprocess
import unittest

MILETUS = "miletus"


def told(*words):
    return subprocess.run([MILETUS, "api", *words], capture_output=True, text=True, check=False)


def document(flag):
    run = told(flag)
    return json.loads(run.stdout, object_pairs_hook=without_repeats)


def without_repeats(pairs):
    """What comes of a JSON object, unless it has a key twice."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError(f"a key comes twice in {[key for key, _ in pairs]}")
    return made


def references(value):
    """Every $ref within."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                yield value["$ref"]
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def leads_somewhere(root, reference):
    place = root
    for part in reference.removeprefix("#/").split("/"):
        if part not in place:
            return False
        place = place[part]
    return reference.startswith("#/")


class Api(unittest.TestCase):
    def test_openapi_describes_every_method(self):
        openapi = document("--openapi")
        self.assertTrue(openapi["openapi"].startswith("3.1"))
        self.assertLessEqual({"title", "version"}, set(openapi["info"]))
        self.assertEqual(len(openapi["paths"]), 173)
        for path, item in openapi["paths"].items():
            operation = item["get"]
            self.assertEqual(path, "/" + operation["operationId"])
            self.assertIn("200", operation["responses"])
            self.assertEqual("security" in operation, path.startswith("/private/"))
            for parameter in operation["parameters"]:
                self.assertEqual(parameter["in"], "query")
                self.assertIn("type", parameter["schema"])
        buy = {each["name"]: each for each in openapi["paths"]["/private/buy"]["get"]["parameters"]}
        self.assertTrue(buy["instrument_name"]["required"])
        self.assertEqual(buy["type"]["schema"]["default"], "limit")
        self.assertIs(buy["post_only"]["schema"]["default"], False)
        error = openapi["components"]["schemas"]["error"]["properties"]
        self.assertEqual(len(error["code"]["enum"]), len(error["message"]["enum"]))
        self.assertIn(13004, error["code"]["enum"])

    def test_asyncapi_describes_every_channel(self):
        asyncapi = document("--asyncapi")
        self.assertTrue(asyncapi["asyncapi"].startswith("3."))
        self.assertEqual(len(asyncapi["channels"]), len(asyncapi["operations"]))
        for name, channel in asyncapi["channels"].items():
            self.assertEqual(channel["address"], name)
            self.assertEqual(len(channel["parameters"]), name.count("{"))

    def test_every_reference_leads_somewhere(self):
        for flag in ("--openapi", "--asyncapi"):
            root = document(flag)
            for reference in references(root):
                self.assertTrue(leads_somewhere(root, reference), reference)

    def test_help_is_told_by_method(self):
        self.assertIn("private/buy", told().stdout)
        self.assertIn("instrument_name", told("private/cancel_all_by_instrument").stdout)
        unknown = told("private/nothing")
        self.assertEqual(unknown.returncode, 1)
        self.assertIn("private/nothing", unknown.stderr)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--miletus", required=True)
    arguments, rest = parser.parse_known_args()
    MILETUS = arguments.miletus
    unittest.main(argv=["api_test.py", *rest])
