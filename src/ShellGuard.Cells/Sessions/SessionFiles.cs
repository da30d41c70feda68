namespace ShellGuard.Cells.Sessions;

/// <summary>Names in a session's directory.</summary>
public static class SessionFiles
{
    public static string Journal(string session) => $"{session}/journal.jsonl";

    public static string Recording(string session) => $"{session}/terminal.cast";

    /// <summary>Layers are numbered from 0 in the order of their planning.</summary>
    public static string Layers(string session) => $"{session}/layers";

    public static string Record(string session) => $"{session}/session.json";

    public static string Lock(string session) => $"{session}/lock";
}
