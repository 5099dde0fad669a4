"""What each kind of sink needs: what is checked before a run, and the transform that writes to it."""

from __future__ import annotations

import importlib.util

from pipeline.addresses import Sink
from pipeline.options import IngestConfig
from transforms.bigquery_format import BigQueryTable
from transforms.errors import InputError
from transforms.load_records import LoadRecords
from transforms.message_format import Topic
from transforms.postgresql_format import PostgreSQLTable
from transforms.publish_records import PublishRecords
from transforms.pubsub_client import check_topic
from transforms.steps import Outcomes
from transforms.upsert_records import UpsertRecords


def check_sink(sink: Sink) -> None:
    """Makes a table that is not there. Raises InputError where the sink cannot be written to."""
    if isinstance(sink, Topic):
        check_topic(sink)
    elif isinstance(sink, PostgreSQLTable):
        _need("psycopg", "postgresql", sink.address)
        from transforms import postgresql_client

        postgresql_client.prepare_table(sink)
    elif isinstance(sink, BigQueryTable):
        _need("google.cloud.bigquery", "bigquery", sink.address)
        from transforms import bigquery_client

        bigquery_client.prepare_table(sink)


def _need(module: str, extra: str, address: str) -> None:
    if importlib.util.find_spec(module) is None:
        raise InputError(f"needs the extra {extra}: pip install 'rasid[{extra}]'", file=address)


def storing(
    sink: Topic | PostgreSQLTable | BigQueryTable, config: IngestConfig, run_id: str, outcomes: Outcomes
) -> PublishRecords | UpsertRecords | LoadRecords:
    """The transform that takes records to a sink that is no folder."""
    if isinstance(sink, Topic):
        return PublishRecords(topic=sink, outcomes=outcomes)
    if isinstance(sink, PostgreSQLTable):
        return UpsertRecords(table=sink, outcomes=outcomes)
    return LoadRecords(table=sink, run_id=run_id, streaming=config.streaming, outcomes=outcomes)
