namespace ShellGuard.Audit.Import.Strace;

/// <summary>A call's text, taken apart. All parts are places in the line.</summary>
internal ref struct StraceCall
{
    // Fields, because a ref struct is filled in place.
    public StraceForm Form;

    public ReadOnlySpan<byte> Name;

    /// <summary>Between the parentheses; as far as it goes where the call is not complete.</summary>
    public ReadOnlySpan<byte> Arguments;

    /// <summary>What stands behind <c>=</c>.</summary>
    public ReadOnlySpan<byte> Result;

    /// <summary>For <see cref="StraceForm.PidChanged"/>: the thread whose number it has from now on.</summary>
    public int NewPid;
}
