"""What compiled programs are compared with: the same mathematics in PyTorch and Triton."""
