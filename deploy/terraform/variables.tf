variable "project" {
  description = "The Google Cloud project, by its id."
  type        = string
}

variable "region" {
  description = "Where everything runs and is kept."
  type        = string
  default     = "europe-west1"
}

variable "bucket" {
  description = "Name of the bucket to make: records, dead letters, state, the template and its temporary files."
  type        = string
}

variable "image" {
  description = "The image of deploy/Dockerfile, target dataflow, with its tag."
  type        = string
}

variable "feeds" {
  description = "The feed list: an object of the bucket, or an http(s) URL. Empty: the list that comes with rasid."
  type        = string
  default     = ""
}

variable "schedule" {
  description = "When a batch job is started, as a crontab's five fields, in UTC."
  type        = string
  default     = "7 * * * *"
}

variable "machine_type" {
  description = "The workers' machine. Pages are read on all its cores."
  type        = string
  default     = "e2-standard-2"
}

variable "alert_channels" {
  description = "Notification channels, by their full names, that alerts go to."
  type        = list(string)
  default     = []
}
