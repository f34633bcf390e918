"""S3, as Amazon and everybody else speaks it."""

from cityhall_fm.adapters.s3.bucket import S3Bucket

__all__ = ["S3Bucket"]
