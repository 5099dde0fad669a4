# A job that failed. What its dead letters and its summary say is for deploy/README.md, "Alerts".
resource "google_monitoring_alert_policy" "failed" {
  display_name          = "rasid: a Dataflow job failed"
  combiner              = "OR"
  notification_channels = var.alert_channels
  depends_on            = [google_project_service.needed]

  conditions {
    display_name = "job failed"

    condition_threshold {
      filter          = "resource.type = \"dataflow_job\" AND resource.label.job_name = starts_with(\"rasid\") AND metric.type = \"dataflow.googleapis.com/job/is_failed\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_MAX"
        cross_series_reducer = "REDUCE_MAX"
      }
    }
  }
}

# An error that the pipeline does not know: the dead letters hold its traceback.
resource "google_monitoring_alert_policy" "unexpected" {
  display_name          = "rasid: unexpected errors"
  combiner              = "OR"
  notification_channels = var.alert_channels
  depends_on            = [google_project_service.needed]

  conditions {
    display_name = "dead_lettered_unexpected"

    condition_threshold {
      filter          = "resource.type = \"dataflow_job\" AND metric.type = \"dataflow.googleapis.com/job/user_counter\" AND metric.label.metric_name = \"dead_lettered_unexpected\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_MAX"
        cross_series_reducer = "REDUCE_MAX"
      }
    }
  }
}

# Each run writes its note, its state and its summary, also when there is no news: without any, none was started.
resource "google_monitoring_alert_policy" "silent" {
  display_name          = "rasid: no object written for six hours"
  combiner              = "OR"
  notification_channels = var.alert_channels
  depends_on            = [google_project_service.needed]

  conditions {
    display_name = "no object written"

    condition_absent {
      filter   = "resource.type = \"gcs_bucket\" AND resource.label.bucket_name = \"${google_storage_bucket.news.name}\" AND metric.type = \"storage.googleapis.com/api/request_count\" AND metric.label.method = \"WriteObject\""
      duration = "21600s"

      aggregations {
        alignment_period     = "3600s"
        per_series_aligner   = "ALIGN_SUM"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }
}
