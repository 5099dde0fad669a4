"""BigQuery: a table of records that is made, filled by load jobs or streaming inserts, and kept up to the schema.

The only module that knows the client library, which is in the extra `bigquery`. BIGQUERY_EMULATOR_HOST names another
server, which is given no credentials. No Beam.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import logging
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Any, Final

from google.api_core import exceptions, retry
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import GoogleAuthError
from google.cloud import bigquery

from transforms.bigquery_format import (
    CLUSTER_FIELDS,
    PARTITION_FIELD,
    BigQueryTable,
    bigquery_schema,
    latest_query,
    row_id,
)
from transforms.errors import IngestError, InputError

LOG = logging.getLogger(__name__)

# Waited between tries of a load job that failed for a reason that may pass.
PAUSES_S: Final = (1.0, 5.0, 15.0)
PATIENCE_S: Final = 60.0  # so long a request is tried again
JOB_S: Final = 600.0
_REQUEST_S: Final = 60.0
_TRANSIENT: Final = (
    exceptions.TooManyRequests,
    exceptions.InternalServerError,
    exceptions.BadGateway,
    exceptions.ServiceUnavailable,
    exceptions.GatewayTimeout,
    OSError,  # what requests raises where there is no connection is one
)
_FAILURES: Final = (exceptions.GoogleAPIError, GoogleAuthError, OSError, FutureTimeoutError)


class BigQueryStore:
    """Appends rows to one table: by load jobs, or by streaming inserts, which have no limit a day but cost money."""

    def __init__(self, table: BigQueryTable, run_id: str, *, streaming: bool) -> None:
        self._table, self._run_id, self._streaming = table, run_id, streaming
        self._client = connect(table)

    def write(self, rows: Sequence[str]) -> list[IngestError | None]:
        """Per row None once it is in the table, else why it is not: "sink_refused". `rows` are lines of JSON.

        The same rows of the same run are loaded once, however often they are given: the job's id says what is in it.
        """
        try:
            return self._insert(rows) if self._streaming else self._load(rows)
        except _FAILURES as error:
            return [self._refusal(error)] * len(rows)

    def _load(self, rows: Sequence[str]) -> list[IngestError | None]:
        data = "".join(f"{row}\n" for row in rows).encode()
        digest = hashlib.sha256(f"{self._table.name}\n".encode() + data).hexdigest()[:32]
        failures = 0
        for pause in (*PAUSES_S, None):
            job = None
            try:
                job = self._start_job(data, f"rasid_{self._run_id}_{digest}_{failures}")
                job.result(retry=_patient(), timeout=JOB_S)
                return [None] * len(rows)
            except _FAILURES as error:
                failed = job.error_result if job else None
                if failed and failed.get("reason") == "invalid":
                    LOG.warning("%s: a row is refused, so rows are inserted: %s", self._table.name, _one_line(error))
                    return self._insert(rows)  # which says of each row whether it is taken
                if pause is None or not (failed or _may_pass(error)):
                    raise
                # The id of a job that failed is used up. Under the same id, one that was begun is found again.
                failures += bool(failed)
                time.sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _start_job(self, data: bytes, job_id: str) -> Any:
        location = self._location()
        config = bigquery.LoadJobConfig(
            source_format=bigquery.SourceFormat.NEWLINE_DELIMITED_JSON,
            write_disposition=bigquery.WriteDisposition.WRITE_APPEND,
            create_disposition=bigquery.CreateDisposition.CREATE_NEVER,
        )
        try:
            return self._client.load_table_from_file(
                io.BytesIO(data),
                self._table.name,
                job_id=job_id,
                location=location,
                job_config=config,
                timeout=_REQUEST_S,
            )
        except exceptions.Conflict:  # a bundle that is retried
            return self._client.get_job(job_id, location=location, retry=_patient(), timeout=_REQUEST_S)

    def _location(self) -> str | None:
        table = self._client.get_table(self._table.name, retry=_patient(), timeout=_REQUEST_S)
        return table.location  # type: ignore[no-any-return]

    def _insert(self, rows: Sequence[str]) -> list[IngestError | None]:
        values = [json.loads(row) for row in rows]
        errors = self._client.insert_rows_json(
            self._table.name,
            values,
            row_ids=[row_id(each) for each in values],
            skip_invalid_rows=True,
            retry=_patient(new_table=True),
            timeout=_REQUEST_S,
        )
        results: list[IngestError | None] = [None] * len(rows)
        for each in errors:
            said = "; ".join(
                f"{e.get('location', '')}: {e.get('reason', '')}: {e.get('message', '')}" for e in each["errors"]
            )
            results[each["index"]] = IngestError("sink_refused", f"{self._table.name}: {said}"[:500])
        return results

    def _refusal(self, error: BaseException) -> IngestError:
        return IngestError("sink_refused", f"{self._table.name}: {_one_line(error)}")

    def close(self) -> None:
        self._client.close()


def connect(table: BigQueryTable) -> Any:
    """A client of the table's project; one without credentials for an emulator."""
    emulator = os.environ.get("BIGQUERY_EMULATOR_HOST")
    return bigquery.Client(project=table.project, credentials=AnonymousCredentials() if emulator else None)


def prepare_table(table: BigQueryTable) -> None:
    """Makes the table and its view `..._latest` where they are not there, adds columns that it lacks.

    Where the table may not be looked at, it is taken to be there. Raises InputError.
    """
    with _naming(table), contextlib.closing(connect(table)) as client:
        asking: dict[str, Any] = {"retry": _patient(), "timeout": _REQUEST_S}
        try:
            found = client.get_table(table.name, **asking)
        except exceptions.Forbidden:
            LOG.warning("%s may not be looked at; it must be there, with all columns", table.name)
            return
        except exceptions.NotFound:
            client.get_dataset(f"{table.project}.{table.dataset}", **asking)  # where it lies is its owner's choice
            client.create_table(_new_table(table), exists_ok=True, **asking)
        else:
            wanted = _merge([each.to_api_repr() for each in found.schema], bigquery_schema())
            if wanted is not None:
                found.schema = [bigquery.SchemaField.from_api_repr(each) for each in wanted]
                client.update_table(found, ["schema"], **asking)
        view = bigquery.Table(f"{table.name}_latest")
        view.view_query = latest_query(table)
        client.create_table(view, exists_ok=True, **asking)


def _new_table(table: BigQueryTable) -> Any:
    made = bigquery.Table(table.name, schema=[bigquery.SchemaField.from_api_repr(each) for each in bigquery_schema()])
    made.time_partitioning = bigquery.TimePartitioning(type_=bigquery.TimePartitioningType.DAY, field=PARTITION_FIELD)
    made.clustering_fields = list(CLUSTER_FIELDS)
    made.description = "Arabic news articles with their statements and ceasefire mentions, written by Rasid."
    return made


def _merge(found: Sequence[dict[str, Any]], wanted: Sequence[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """What a table has, with the columns that it lacks behind; None where it lacks none."""
    by_name = {each["name"].lower(): each for each in wanted}
    merged, changed = [], False
    for each in found:
        nested = _merge(each.get("fields", ()), by_name.pop(each["name"].lower(), {}).get("fields", ()))
        changed |= nested is not None
        merged.append(each if nested is None else {**each, "fields": nested})
    # BigQuery adds no required column to a table that is there.
    merged += [
        {**each, "mode": "NULLABLE" if each["mode"] == "REQUIRED" else each["mode"]} for each in by_name.values()
    ]
    return merged if changed or by_name else None


def _patient(*, new_table: bool = False) -> Any:
    """Tries again what may pass; also a table that is so new that not every server knows it."""

    def again(error: BaseException) -> bool:
        return _may_pass(error) or (new_table and isinstance(error, exceptions.NotFound))

    return retry.Retry(predicate=again, initial=0.2, maximum=10.0, timeout=PATIENCE_S)


def _may_pass(error: BaseException) -> bool:
    reasons = {each.get("reason") for each in getattr(error, "errors", ()) if isinstance(each, dict)}
    return isinstance(error, _TRANSIENT) or bool(reasons & {"rateLimitExceeded", "backendError", "internalError"})


@contextlib.contextmanager
def _naming(table: BigQueryTable) -> Iterator[None]:
    try:
        yield
    except _FAILURES as error:
        raise InputError(_one_line(error), file=table.address) from error


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:500]
