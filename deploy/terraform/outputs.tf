output "images" {
  description = "Where the image goes: push it there as rasid-dataflow:TAG."
  value       = "${var.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.images.repository_id}"
}

output "template" {
  description = "Where `gcloud dataflow flex-template build` puts the template."
  value       = local.template
}

output "output" {
  description = "Where the records, dead letters, summaries and the state are."
  value       = local.parameters.output
}

output "worker" {
  description = "The service account of launcher and workers."
  value       = google_service_account.worker.email
}
