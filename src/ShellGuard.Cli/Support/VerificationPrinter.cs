using ShellGuard.Cells.Sessions;
using ShellGuard.Core;

namespace ShellGuard.Cli.Support;

/// <summary>Prints what a verification found.</summary>
internal static class VerificationPrinter
{
    public static void Print(StoredSession session, IReadOnlyList<VerifiedFile> files)
    {
        Terminal.Out.WriteLine($"session {session.Id}");
        foreach (VerifiedFile file in files)
        {
            string text = $"  {file.Name}: {SafeText.Message(file.Problem ?? file.Finding)}";
            Terminal.Out.WriteLine(Terminal.Paint(text, file.Problem is null ? Paint.Green : Paint.Red));
        }
    }

    public static void PrintJson(StoredSession session, IReadOnlyList<VerifiedFile> files) => Terminal.WriteJson(json =>
    {
        json.WriteStartObject();
        json.WriteString("session", session.Id.Text);
        json.WriteBoolean("good", files.All(file => file.Problem is null));
        json.WriteStartArray("files");
        foreach (VerifiedFile file in files)
        {
            json.WriteStartObject();
            json.WriteString("file", file.Name);
            json.WriteBoolean("good", file.Problem is null);
            json.WriteNumber("records", file.Records);
            json.WriteNumber("signedThrough", file.SignedThrough);
            json.WriteString("finding", file.Problem ?? file.Finding);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
