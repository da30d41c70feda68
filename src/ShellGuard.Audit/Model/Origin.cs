namespace ShellGuard.Audit.Model;

/// <summary>Where something stands in what was read.</summary>
/// <param name="Input">Number of the input, from 0.</param>
/// <param name="Line">Number of the line in it, from 1; 0 where it is about the input as a whole.</param>
public readonly record struct Origin(int Input, long Line) : IComparable<Origin>
{
    public int CompareTo(Origin other) => (Input, Line).CompareTo((other.Input, other.Line));

    public static bool operator <(Origin left, Origin right) => left.CompareTo(right) < 0;

    public static bool operator <=(Origin left, Origin right) => left.CompareTo(right) <= 0;

    public static bool operator >(Origin left, Origin right) => left.CompareTo(right) > 0;

    public static bool operator >=(Origin left, Origin right) => left.CompareTo(right) >= 0;
}
