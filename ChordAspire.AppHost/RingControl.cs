using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;

namespace ChordAspire.AppHost;

/// <summary>
/// Runs commands of the ring's members for the ring page, over HTTP on loopback. In Development only, and only for who has this run's token: any program of
/// this machine could knock. It opens when the page is about to start.
/// </summary>
internal sealed class RingControl : IAsyncDisposable, IDisposable
{
    /// <summary>What the page may ask for: each is a command that the dashboard has too.</summary>
    private static readonly string[] Allowed = ["kill", "leave", KnownResourceCommands.StartCommand];

    private readonly RingRoster _roster;
    private readonly RingWatch _watch;
    private readonly ResourceCommandService _commands;
    private readonly Lazy<Task<Uri>> _address;
    private WebApplication? _app;

    public RingControl(RingRoster roster, RingWatch watch, ResourceCommandService commands)
    {
        (_roster, _watch, _commands) = (roster, watch, commands);
        _address = new Lazy<Task<Uri>>(OpenAsync);
    }

    /// <summary>New in each run.</summary>
    public string Token { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Where it listens; from the first question on.</summary>
    public Task<Uri> Address => _address.Value;

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync().ConfigureAwait(false);
    }

    public void Dispose() => (_app as IDisposable)?.Dispose();

    private async Task<Uri> OpenAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Listen(IPAddress.Loopback, port: 0);
        });
        builder.Services.AddRoutingCore();
        WebApplication app = builder.Build();
        RequestDelegate members = ListAsync;
        RequestDelegate command = RunAsync;
        app.Use(CheckTokenAsync);
        app.UseRouting();
        app.MapGet("/members", members);
        app.MapPost("/members/{name}/{command}", command);
        _app = app;
        await app.StartAsync().ConfigureAwait(false);
        return new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    private Task CheckTokenAsync(HttpContext context, RequestDelegate next)
    {
        byte[] given = Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString());
        if (CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes($"Bearer {Token}")))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private Task ListAsync(HttpContext context) =>
        context.Response.WriteAsJsonAsync(
            _roster.Members.Select(member => new ControlledMember(member.Name, member.Address, _watch.StateOf(member))), context.RequestAborted);

    private async Task RunAsync(HttpContext context)
    {
        string command = (string)context.Request.RouteValues["command"]!;
        RingMember? member = _roster.Members.FirstOrDefault(member => member.Name == (string)context.Request.RouteValues["name"]!);
        if (member is null || !Allowed.Contains(command))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        ExecuteCommandResult result = await _commands.ExecuteCommandAsync(member.Resource, command, context.RequestAborted).ConfigureAwait(false);
        if (result.Success)
            return;
        context.Response.StatusCode = StatusCodes.Status409Conflict;
        await context.Response.WriteAsync(result.Message ?? $"{command} of {member.Name} failed.", context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>A member as the page is told of it.</summary>
    private sealed record ControlledMember(string Name, string? Address, string State);
}
