namespace ShellGuard.Escape.Tests.Support;

/// <summary>Rows for theories: every attempt of a section, by every identity that the run has.</summary>
internal static class Attempts
{
    internal static TheoryData<string, string> Rows(IReadOnlyList<Attempt> section)
    {
        TheoryData<string, string> rows = [];
        foreach (Attempt attempt in section)
        {
            foreach (Identity identity in Identity.All)
            {
                rows.Add($"{attempt.Id} {attempt.Program}", identity.Name);
            }
        }

        return rows;
    }

    internal static void Try(IReadOnlyList<Attempt> section, string name, string identity) =>
        Case.Try(section.Single(attempt => $"{attempt.Id} {attempt.Program}" == name), Identity.Of(identity));
}
