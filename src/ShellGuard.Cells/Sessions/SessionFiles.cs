namespace ShellGuard.Cells.Sessions;

/// <summary>Names in a session's directory.</summary>
public static class SessionFiles
{
    /// <summary>In the storage's root: the key that signs all journals of its owner.</summary>
    public const string Key = "journal.key";

    public static string Journal(string session) => $"{session}/journal.jsonl";

    /// <summary>Commits and discards come after the session's journal is closed and sealed: each has one of its own,
    /// numbered from 1, signed with the same key.</summary>
    public static string Decisions(string session, int number) => $"{session}/decisions-{number}.jsonl";

    public static string Recording(string session) => $"{session}/terminal.cast";

    /// <summary>Layers are numbered from 0 in the order of their planning.</summary>
    public static string Layers(string session) => $"{session}/layers";

    /// <summary>The layers of the sides of a wall, a directory each, as of a session.</summary>
    public static string Cells(string session) => $"{session}/cells";

    public static string Record(string session) => $"{session}/session.json";

    /// <summary>How many changes there were when they were counted last.</summary>
    public static string Changes(string session) => $"{session}/changes.json";

    public static string Lock(string session) => $"{session}/lock";
}
