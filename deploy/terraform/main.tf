locals {
  services = [
    "artifactregistry.googleapis.com",
    "cloudscheduler.googleapis.com",
    "dataflow.googleapis.com",
    "monitoring.googleapis.com",
    "pubsub.googleapis.com",
    "storage.googleapis.com",
  ]
  template = "gs://${google_storage_bucket.news.name}/template/rasid.json"
  parameters = merge(
    {
      output              = "gs://${google_storage_bucket.news.name}/out"
      sdk_container_image = var.image
    },
    var.feeds == "" ? {} : { feeds = var.feeds },
  )
}

resource "google_project_service" "needed" {
  for_each           = toset(local.services)
  service            = each.value
  disable_on_destroy = false
}

resource "google_artifact_registry_repository" "images" {
  repository_id = "rasid"
  location      = var.region
  format        = "DOCKER"
  depends_on    = [google_project_service.needed]
}

resource "google_storage_bucket" "news" {
  name                        = var.bucket
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  # Renames copy and delete; kept deletions would be paid for twice.
  soft_delete_policy {
    retention_duration_seconds = 0
  }

  lifecycle_rule {
    condition {
      age            = 7
      matches_prefix = ["tmp/", "staging/"]
    }
    action {
      type = "Delete"
    }
  }
}

# What the launcher and the workers are: they read and write this bucket and these topics, no others.
resource "google_service_account" "worker" {
  account_id   = "rasid-worker"
  display_name = "rasid: Dataflow launcher and workers"
}

resource "google_project_iam_member" "worker" {
  project = var.project
  role    = "roles/dataflow.worker"
  member  = google_service_account.worker.member
}

resource "google_storage_bucket_iam_member" "worker" {
  bucket = google_storage_bucket.news.name
  role   = "roles/storage.objectAdmin"
  member = google_service_account.worker.member
}

# Beam asks whether the bucket keeps deleted objects.
resource "google_storage_bucket_iam_member" "worker_reads_bucket" {
  bucket = google_storage_bucket.news.name
  role   = "roles/storage.legacyBucketReader"
  member = google_service_account.worker.member
}

resource "google_artifact_registry_repository_iam_member" "worker" {
  repository = google_artifact_registry_repository.images.name
  location   = var.region
  role       = "roles/artifactregistry.reader"
  member     = google_service_account.worker.member
}

# What starts the jobs.
resource "google_service_account" "scheduler" {
  account_id   = "rasid-scheduler"
  display_name = "rasid: starts the batch job"
}

resource "google_project_iam_member" "scheduler" {
  project = var.project
  role    = "roles/dataflow.developer"
  member  = google_service_account.scheduler.member
}

resource "google_service_account_iam_member" "scheduler_acts_as_worker" {
  service_account_id = google_service_account.worker.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.scheduler.member
}

resource "google_storage_bucket_iam_member" "scheduler" {
  bucket = google_storage_bucket.news.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.scheduler.member
}

# One name: while a job of that name is active, Dataflow starts no second one.
resource "google_cloud_scheduler_job" "batch" {
  name             = "rasid-batch"
  region           = var.region
  schedule         = var.schedule
  time_zone        = "Etc/UTC"
  attempt_deadline = "60s"
  depends_on       = [google_project_service.needed]

  retry_config {
    retry_count = 0
  }

  http_target {
    http_method = "POST"
    uri         = "https://dataflow.googleapis.com/v1b3/projects/${var.project}/locations/${var.region}/flexTemplates:launch"
    headers     = { "Content-Type" = "application/json" }
    body = base64encode(jsonencode({
      launchParameter = {
        jobName              = "rasid-batch"
        containerSpecGcsPath = local.template
        parameters           = local.parameters
        environment = {
          serviceAccountEmail   = google_service_account.worker.email
          tempLocation          = "gs://${google_storage_bucket.news.name}/tmp"
          stagingLocation       = "gs://${google_storage_bucket.news.name}/staging"
          machineType           = var.machine_type
          additionalExperiments = ["no_use_multiple_sdk_containers"]
        }
      }
    }))

    oauth_token {
      service_account_email = google_service_account.scheduler.email
      scope                 = "https://www.googleapis.com/auth/cloud-platform"
    }
  }
}
