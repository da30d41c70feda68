using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ShellGuard.Cells.Supervision;
using ShellGuard.Core.Events;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;
using static ShellGuard.Linux.Abi.SocketConstants;

namespace ShellGuard.Cells.Gates;

/// <summary>Where people decide what may go out of a session. Lives in the supervisor's memory: with it ends every question,
/// and there is no file that anybody could forge.</summary>
internal sealed class ApprovalDesk : IDisposable
{
    private const int LongestRequest = 16 * 1024;
    private const int MostPending = 64;

    private const string NoQuestion = "there is no such question any more";

    /// <summary>Who sends byte by byte does not keep others waiting.</summary>
    private const int MostReads = 4;

    private readonly string _session;
    private readonly SessionRecorder _recorder;
    private readonly List<PendingApproval> _pending = [];
    private readonly WakeUp _wake = new();
    private readonly Lock _lock = new();
    private Descriptor? _socket;
    private Thread? _thread;
    private volatile bool _ending;

    /// <param name="recorder">The lobby's.</param>
    public ApprovalDesk(string session, SessionRecorder recorder)
    {
        _session = session;
        _recorder = recorder;
    }

    /// <summary>Puts a question where people find it.</summary>
    /// <param name="problem">Why not.</param>
    public bool Add(PendingApproval pending, [NotNullWhen(false)] out string? problem)
    {
        lock (_lock)
        {
            problem = _pending.Count < MostPending ? Open() : $"{MostPending} questions wait already";
            if (problem is null && !Record(pending, ApprovalStep.Asked, "", pending.Reason))
            {
                problem = "the journal cannot be written";
            }

            if (problem is null)
            {
                _pending.Add(pending);
            }

            return problem is null;
        }
    }

    /// <summary>Waits for the answer; then the question is gone.</summary>
    public ApprovalAnswer WaitFor(PendingApproval pending)
    {
        bool answered = pending.Wait();
        lock (_lock)
        {
            _pending.Remove(pending);
        }

        if (!answered)
        {
            Record(pending, ApprovalStep.Expired, "", "");
        }
        else if (pending.IsWithdrawn)
        {
            Record(pending, ApprovalStep.Withdrawn, "", "");
        }

        return pending.Answer!;
    }

    public void Dispose()
    {
        _ending = true;
        _wake.Signal();
        _thread?.Join();
        _socket?.Dispose();
        _wake.Dispose();
    }

    /// <returns>Why people cannot be asked.</returns>
    private string? Open()
    {
        if (_thread is not null)
        {
            return null;
        }

        LinuxResult result = Sockets.Create(AF_UNIX, SOCK_STREAM, 0, out Descriptor socket);
        result = result.Failed ? result : Sockets.Bind(socket, ApprovalAddress.Of(_session));
        result = result.Failed ? result : Sockets.Listen(socket, 16);
        if (result.Failed)
        {
            socket.Dispose();
            return $"nobody can be asked: {result.Call}: {result.Error}";
        }

        _socket = socket;
        _thread = new Thread(Serve, 256 * 1024) { IsBackground = true, Name = "approvals" };
        _thread.Start();
        return null;
    }

    private void Serve()
    {
        PollSet poll = new(2);
        while (!_ending)
        {
            poll.Set(0, _socket, PollEvents.POLLIN);
            poll.Set(1, _wake.Descriptor, PollEvents.POLLIN);
            if (poll.Wait(-1).Failed || _ending)
            {
                return;
            }

            if (poll.Found(0) != PollEvents.None && Sockets.Accept(_socket!, out Descriptor connection).Succeeded)
            {
                using (connection)
                {
                    Serve(connection);
                }
            }
        }
    }

    private void Serve(Descriptor connection)
    {
        if (ApprovalAddress.PeerOf(connection) is not { } uid || ApprovalAddress.Hurry(connection).Failed)
        {
            return;
        }

        if (Visible(uid).Count == 0)
        {
            // Anybody can connect: whoever has no question here is answered without being heard, and keeps nobody waiting.
            ApprovalMessage.Write(connection, json =>
            {
                json.WriteStartArray("approvals");
                json.WriteEndArray();
                json.WriteString("problem", NoQuestion);
            });
            return;
        }

        using JsonDocument? request = ApprovalMessage.Read(connection, LongestRequest, MostReads);
        if (request is not null)
        {
            // Whoever does not take the answer goes without.
            ApprovalMessage.Write(connection, json => Answer(json, request.RootElement, uid));
        }
    }

    private void Answer(Utf8JsonWriter json, JsonElement request, uint uid)
    {
        string verb = ApprovalMessage.Text(request, "do");
        if (verb == "list")
        {
            json.WriteStartArray("approvals");
            foreach (PendingApproval pending in Visible(uid))
            {
                Write(json, pending, uid);
            }

            json.WriteEndArray();
            return;
        }

        string id = ApprovalMessage.Text(request, "id");
        if (Visible(uid).Find(known => known.Id == id) is not { } found)
        {
            json.WriteString("problem", NoQuestion);
            return;
        }

        string reason = ApprovalMessage.Text(request, "reason");
        string? problem = verb switch
        {
            "show" => null,
            "approve" => found.Approve(
                uid, ApprovalMessage.Text(request, "sha256"), name => Record(found, ApprovalStep.Approved, name, "")),
            "deny" => found.Deny(uid, reason, name => Record(found, ApprovalStep.Denied, name, reason)),
            _ => "this version does not know that",
        };
        if (problem is not null)
        {
            json.WriteString("problem", problem);
        }
        else if (verb == "show")
        {
            json.WriteBase64String("content", found.Content);
        }
        else
        {
            json.WriteNumber("missing", Math.Max(0, verb == "deny" ? 0 : found.Needed - found.Approved.Count));
        }
    }

    private List<PendingApproval> Visible(uint uid)
    {
        lock (_lock)
        {
            return _pending.FindAll(pending => pending.Answer is null && pending.MaySee(uid));
        }
    }

    private static void Write(Utf8JsonWriter json, PendingApproval pending, uint uid)
    {
        json.WriteStartObject();
        json.WriteString("id", pending.Id);
        json.WriteString("gate", pending.Gate.Gate.Name);
        json.WriteString("cell", Core.SafeText.Escape(pending.From));
        json.WriteString("reason", Core.SafeText.Of(pending.Reason));
        json.WriteString("sha256", pending.Sha256);
        json.WriteNumber("bytes", pending.Content.Length);
        json.WriteString("asked", pending.Asked);
        json.WriteString("expires", pending.Expires);
        json.WriteNumber("needed", pending.Needed);
        json.WriteString("approved", string.Join(", ", pending.Approved));
        json.WriteBoolean("mine", pending.MayDecide(uid, out _) is not null);
        json.WriteEndObject();
    }

    private bool Record(PendingApproval pending, ApprovalStep step, string by, string reason) => _recorder.Record(
        new ApprovalEvent(pending.Id, step, pending.Gate.Gate.Name, pending.Sha256, pending.Content.Length)
        {
            By = by,
            Reason = HostileText.Of(reason),
            Rule = pending.Gate.Gate.Rule,
        });
}
