# Records as messages: --sink pubsub:${google_pubsub_topic.records.id}
resource "google_pubsub_topic" "records" {
  name                       = "rasid-records"
  message_retention_duration = "604800s"
  depends_on                 = [google_project_service.needed]
}

# Entries to read: --source pubsub:${google_pubsub_subscription.entries.id}
resource "google_pubsub_topic" "entries" {
  name       = "rasid-entries"
  depends_on = [google_project_service.needed]
}

resource "google_pubsub_topic" "refused_entries" {
  name       = "rasid-refused-entries"
  depends_on = [google_project_service.needed]
}

resource "google_pubsub_subscription" "entries" {
  name                       = "rasid-entries"
  topic                      = google_pubsub_topic.entries.id
  ack_deadline_seconds       = 600
  message_retention_duration = "604800s"

  expiration_policy {
    ttl = ""
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.refused_entries.id
    max_delivery_attempts = 10
  }
}

resource "google_pubsub_topic_iam_member" "worker_publishes" {
  topic  = google_pubsub_topic.records.id
  role   = "roles/pubsub.publisher"
  member = google_service_account.worker.member
}

resource "google_pubsub_subscription_iam_member" "worker_subscribes" {
  subscription = google_pubsub_subscription.entries.id
  role         = "roles/pubsub.subscriber"
  member       = google_service_account.worker.member
}

resource "google_pubsub_subscription_iam_member" "worker_views" {
  subscription = google_pubsub_subscription.entries.id
  role         = "roles/pubsub.viewer"
  member       = google_service_account.worker.member
}

# Pub/Sub itself moves what was refused too often.
data "google_project" "this" {
}

locals {
  pubsub_agent = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

resource "google_pubsub_topic_iam_member" "agent_publishes" {
  topic  = google_pubsub_topic.refused_entries.id
  role   = "roles/pubsub.publisher"
  member = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "agent_subscribes" {
  subscription = google_pubsub_subscription.entries.id
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}
