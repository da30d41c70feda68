namespace ShellGuard.Core.Tests.Flow.Search;

/// <summary>SplitMix64: the same lots on every machine and in every version of .NET, so that a finding's seed is enough
/// to see it again.</summary>
internal sealed class Lot(ulong seed)
{
    private ulong _state = seed;

    public int Below(int bound) => (int)((Draw() >> 33) % (ulong)bound);

    public bool OneIn(int count) => Below(count) == 0;

    private ulong Draw()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
