-- 今日 asks for what came in today every half minute; without this it read every ticket there ever was.
create index ticket_received on ticket (received_at);
