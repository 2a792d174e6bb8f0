ready
