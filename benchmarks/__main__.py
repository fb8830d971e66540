"""The figures of docs/benchmarks.md, one after the other: `python -m benchmarks [--enterprises N]`."""

from benchmarks.city import main

if __name__ == "__main__":
    main()
