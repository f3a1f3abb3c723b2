"""Power cuts without a special kernel: what a process writes is recorded, and disks made of what may have arrived."""
