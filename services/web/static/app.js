// One page over the services' routes. The server decides everything; this only shows it.

const $ = (id) => document.getElementById(id);
let user = null;

async function call(method, path, body) {
  const reply = await fetch(path, {
    method,
    headers: body ? { 'Content-Type': 'application/json' } : {},
    body: body && JSON.stringify(body),
  });
  const data = reply.status === 204 ? null : await reply.json();
  if (!reply.ok) {
    const text = (e) => (e.field ? `${e.field}: ${e.message}` : e.message);
    throw new Error((data.errors ?? [{ message: data.title }]).map(text).join('\n'));
  }
  return data;
}

async function act(work) {
  $('message').textContent = '';
  try {
    await work();
  } catch (error) {
    $('message').textContent = error.message;
  }
  await show();
}

function button(text, work) {
  const element = document.createElement('button');
  element.textContent = text;
  element.onclick = () => act(work);
  return element;
}

function row(text, ...others) {
  const item = document.createElement('li');
  const label = document.createElement('span');
  label.textContent = text;
  item.append(label, ...others);
  return item;
}

const dollars = (price) => `$${price.toFixed(2)}`;

function faint(text) {
  const element = document.createElement('span');
  element.className = 'faint';
  element.textContent = text;
  return element;
}

function ticketRow(ticket) {
  const text = `${ticket.title}, ${dollars(ticket.price)}`;
  if (ticket.orderId) return row(text, faint('reserved'));
  if (!user) return row(text);
  if (ticket.userId === user.id) return row(text, faint('yours'));
  return row(text, button('Order', () => call('POST', '/api/orders', { ticketId: ticket.id })));
}

function orderRow(order) {
  const text = `${order.ticket.title ?? 'Ticket'}, ${dollars(order.ticket.price ?? 0)}`;
  if (order.status !== 'created') return row(text, faint(order.status));
  const left = Math.max(0, Math.round((new Date(order.expiresAt) - Date.now()) / 1000));
  const cancel = button('Cancel', () => call('DELETE', `/api/orders/${order.id}`));
  return row(text, faint(`${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')} left`), cancel);
}

async function show() {
  ({ currentUser: user } = await call('GET', '/api/users/currentuser'));
  $('sign').hidden = !!user;
  $('mine').hidden = !user;
  $('who').replaceChildren(...(user
    ? [faint(`${user.email} `), button('Sign out', () => call('POST', '/api/users/signout'))]
    : []));
  const { items: tickets } = await call('GET', '/api/tickets');
  $('tickets').replaceChildren(...tickets.map(ticketRow));
  if (tickets.length === 0) $('tickets').append(row('Nothing yet.'));
  if (user) {
    const { items: orders } = await call('GET', '/api/orders');
    $('orders').replaceChildren(...orders.map(orderRow));
    if (orders.length === 0) $('orders').append(row('None yet.'));
  }
}

$('sign').onsubmit = (event) => {
  event.preventDefault();
  const form = Object.fromEntries(new FormData(event.target));
  act(() => call('POST', `/api/users/${event.submitter.value}`, form));
};

$('sell').onsubmit = (event) => {
  event.preventDefault();
  const form = Object.fromEntries(new FormData(event.target));
  act(async () => {
    await call('POST', '/api/tickets', { title: form.title, price: Number(form.price) });
    event.target.reset();
  });
};

await act(async () => {});
setInterval(() => show().catch(() => {}), 2000);
