using System.Security.Cryptography;
using System.Text.Json;
using ShellGuard.Cells.Sessions;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using static ShellGuard.Linux.Abi.SocketConstants;

namespace ShellGuard.Cells.Gates;

/// <summary>The questions of all sessions on this host that wait for the user who looks, and what that user says.</summary>
public static class Approvals
{
    /// <summary>A text of 16 MiB, the longest that can be approved, in base64.</summary>
    private const int LongestAnswer = 24 << 20;

    /// <summary>Every question that the user may see, session by session.</summary>
    /// <param name="silent">Sessions that did not answer, and may have more.</param>
    public static IReadOnlyList<ApprovalQuestion> List(out IReadOnlyList<string> silent)
    {
        List<ApprovalQuestion> questions = [];
        List<string> unheard = [];
        foreach (string session in ApprovalAddress.Sessions())
        {
            // One that ends just now is not there when it is asked again.
            using JsonDocument? answer = AskForAll(session, out uint uid)
                ?? (ApprovalAddress.Sessions().Contains(session) ? AskForAll(session, out uid) : null);
            if (answer is not null)
            {
                questions.AddRange(Read(answer, session, uid));
            }
            else if (ApprovalAddress.Sessions().Contains(session))
            {
                unheard.Add(session);
            }
        }

        silent = unheard;
        return questions;
    }

    /// <summary>The question of this name.</summary>
    /// <exception cref="SessionException">There is none, or two sessions have one.</exception>
    public static ApprovalQuestion Find(string id)
    {
        List<ApprovalQuestion> found = [.. List(out IReadOnlyList<string> silent).Where(question => question.Id == id)];
        return found switch
        {
            [{ } only] => only,
            [] when silent.Count > 0 => throw new SessionException(SilenceOf(silent[0]), 1),
            [] => throw new SessionException($"no question {Core.SafeText.Of(id, 40)} waits for you: shellguard approvals lists them", 1),
            _ => throw new SessionException($"{found.Count} sessions have a question {Core.SafeText.Of(id, 40)}: one of them lies; decide on none", 1),
        };
    }

    /// <summary>What is said of a session that did not answer.</summary>
    public static string SilenceOf(string session) => $"session {session} does not answer; it may have a question for you";

    /// <summary>The very bytes.</summary>
    /// <exception cref="SessionException">It is over, or these are not the bytes that it tells of.</exception>
    public static byte[] Content(ApprovalQuestion question)
    {
        using JsonDocument answer = Demand(question, "show", _ => { });
        if (!answer.RootElement.TryGetProperty("content", out JsonElement content) || content.ValueKind != JsonValueKind.String
            || !content.TryGetBytesFromBase64(out byte[]? bytes)
            || Convert.ToHexStringLower(SHA256.HashData(bytes)) != question.Sha256)
        {
            throw new SessionException($"question {question.Id} does not show the bytes that it asks for; do not approve it", 1);
        }

        return bytes;
    }

    /// <summary>Lets exactly the bytes with this digest out, once.</summary>
    /// <returns>How many people must still agree.</returns>
    /// <exception cref="SessionException">It was not taken.</exception>
    public static int Approve(ApprovalQuestion question, string sha256)
    {
        using JsonDocument answer = Demand(question, "approve", json => json.WriteString("sha256", sha256));
        return ApprovalMessage.Number(answer.RootElement, "missing") is { } more and >= 0 and <= int.MaxValue ? (int)more : 0;
    }

    /// <summary>Says no.</summary>
    /// <exception cref="SessionException">It was not taken.</exception>
    public static void Deny(ApprovalQuestion question, string reason) =>
        Demand(question, "deny", json => json.WriteString("reason", reason)).Dispose();

    private static JsonDocument? AskForAll(string session, out uint uid) =>
        Ask(session, json => json.WriteString("do", "list"), out uid);

    private static JsonDocument Demand(ApprovalQuestion question, string verb, Action<Utf8JsonWriter> more)
    {
        JsonDocument answer = Ask(question.Session, Write, out uint uid)
            ?? throw new SessionException($"session {question.Session} does not answer any more", 1);
        string problem = uid == question.Uid ? ApprovalMessage.Text(answer.RootElement, "problem") : "it is somebody else's now";
        if (problem.Length == 0)
        {
            return answer;
        }

        answer.Dispose();
        throw new SessionException($"question {question.Id}: {Core.SafeText.Message(problem)}", 1);

        void Write(Utf8JsonWriter json)
        {
            json.WriteString("do", verb);
            json.WriteString("id", question.Id);
            more(json);
        }
    }

    /// <summary>One question and one answer; null where nobody answers.</summary>
    private static JsonDocument? Ask(string session, Action<Utf8JsonWriter> write, out uint uid)
    {
        uid = 0;
        LinuxResult result = Sockets.Create(AF_UNIX, SOCK_STREAM, 0, out Descriptor socket);
        using (socket)
        {
            result = result.Failed ? result : ApprovalAddress.Hurry(socket);
            result = result.Failed ? result : Sockets.Connect(socket, ApprovalAddress.Of(session));
            if (result.Failed || ApprovalAddress.PeerOf(socket) is not { } peer)
            {
                return null;
            }

            // A session that has no question for this user answers before it hears one, and closes.
            ApprovalMessage.Write(socket, write);
            uid = peer;
            return ApprovalMessage.Read(socket, LongestAnswer, int.MaxValue);
        }
    }

    /// <summary>The questions of an answer to a question for all of them.</summary>
    internal static IEnumerable<ApprovalQuestion> Read(JsonDocument answer, string session, uint uid) =>
        answer.RootElement.TryGetProperty("approvals", out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(item => Read(item, session, uid)).OfType<ApprovalQuestion>()
            : [];

    private static ApprovalQuestion? Read(JsonElement item, string session, uint uid)
    {
        if (item.ValueKind != JsonValueKind.Object
            || ApprovalMessage.Number(item, "bytes") is not { } size
            || ApprovalMessage.Number(item, "needed") is not ({ } people and >= 0 and <= int.MaxValue)
            || !item.TryGetProperty("expires", out JsonElement expires) || expires.ValueKind != JsonValueKind.String
            || !expires.TryGetDateTimeOffset(out DateTimeOffset end))
        {
            return null;
        }

        return new ApprovalQuestion(
            session, uid, Text("id"), Text("gate"), Text("cell"), Text("reason"), Text("sha256"), size, end, (int)people,
            Text("approved"), item.TryGetProperty("mine", out JsonElement mine) && mine.ValueKind == JsonValueKind.True);

        string Text(string name) => ApprovalMessage.Text(item, name);
    }
}
