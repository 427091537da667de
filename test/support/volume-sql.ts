/**
 * How an academy with many classes is made, table by table, set-based. `plan` is one row (volume.ts); `made` holds what is common to everything
 * about one class. Numbers decide everything: `i` counts all classes, the given ones first; `j` counts the given ones and those ahead apart, so
 * that what lies ahead is the same in every size. Student 0 is the one whom pages are made for.
 */
export const VOLUME_SQL: readonly (readonly [table: string, text: string])[] = [
  [
    'plan of classes',
    `CREATE TEMP TABLE made AS
     WITH numbered AS (
       SELECT i, i > past AS ahead, CASE WHEN i > past THEN i - past ELSE i END AS j, plan.*,
         date_trunc('day', now AT TIME ZONE 'America/Argentina/Buenos_Aires') AT TIME ZONE 'America/Argentina/Buenos_Aires' AS today
       FROM plan, generate_series(1, past + upcoming) AS i
     ), placed AS (
       SELECT *,
         CASE WHEN ahead THEN j % active ELSE j % teachers END AS teacher,
         today + CASE
           WHEN ahead THEN (1 + j / active / 6) * interval '1 day' + (9 + 2 * (j / active % 6)) * interval '1 hour'
           ELSE -(1 + j / teachers / 12) * interval '1 day' + (9 + j / teachers % 12) * interval '1 hour'
         END AS starts_at,
         j % 3 = 0 AS is_group,
         CASE
           WHEN ahead AND j IN (5, 66, 125, 189) OR NOT ahead AND j % 40 = 7 AND j < 600 THEN 0
           ELSE 1 + (i::bigint * 7919 % (students - 1))::int
         END AS host,
         CASE
           WHEN NOT ahead AND j % 20 = 1 THEN 'lapsed'
           WHEN ahead AND j % 10 = 0 OR NOT ahead AND j % 20 = 0 THEN 'returned'
           WHEN ahead THEN 'scheduled'
           ELSE 'completed'
         END AS fate
       FROM numbered
     )
     SELECT i, j, ahead, fate, is_group, host, students, now, starts_at,
       made_id('class:' || i) AS id, made_id('order:' || i) AS order_id, made_id('teacher:' || teacher) AS teacher_id,
       made_id('student:' || host) AS host_id, teacher,
       least(starts_at, now) - interval '5 days' - i % 20 * interval '1 hour' AS booked_at,
       CASE WHEN is_group THEN 2 + j % 4 ELSE 1 END AS seats,
       CASE WHEN is_group AND fate IN ('scheduled', 'completed') THEN least(1 + j % 4, 1 + j % 2) ELSE 0 END AS guests,
       CASE WHEN is_group THEN 3000000 ELSE 2000000 END AS centavos,
       (10000000000 + i)::text AS payment_id
     FROM placed`,
  ],
  [
    'app_user',
    `INSERT INTO app_user (id, email, name, google_name, localidad, nivel, created_at, updated_at)
     SELECT made_id('student:' || s), 'estudiante.' || s || '@volumen.test', name, name, 'Rosario', 'basico', since, since
     FROM plan, generate_series(0, students - 1) AS s,
       LATERAL (SELECT (ARRAY['Ana', 'Bruno', 'Camila', 'Diego', 'Elena'])[1 + s % 5] || ' Nro ' || s AS name, now - interval '2 years' AS since) AS person`,
  ],
  [
    'admin',
    `INSERT INTO app_user (id, email, name, google_name, role, created_at, updated_at)
     SELECT made_id('admin'), 'admin@volumen.test', 'Admin', 'Admin', 'ADMIN', now, now FROM plan`,
  ],
  [
    'user_identity',
    `INSERT INTO user_identity (provider, subject, user_id, created_at)
     SELECT 'google', 'volumen-' || s, made_id('student:' || s), now FROM plan, generate_series(0, students - 1) AS s`,
  ],
  [
    'session',
    `INSERT INTO session (token_hash, public_id, user_id, created_at, renewed_at, used_at, expires_at)
     SELECT md5('a' || s) || md5('b' || s), made_id('session:' || s), made_id('student:' || s), now, now, now, now + interval '30 days'
     FROM plan, generate_series(0, students - 1) AS s`,
  ],
  [
    'teacher',
    `INSERT INTO teacher (id, email, display_name, active, created_at, updated_at)
     SELECT made_id('teacher:' || t), 'profe.' || t || '@volumen.test', 'Profe ' || t, t < active, since + t * interval '1 day', now
     FROM plan, generate_series(0, teachers - 1) AS t, LATERAL (SELECT now - interval '20 years' AS since) AS beginning`,
  ],
  [
    'opening_interval',
    `INSERT INTO opening_interval (teacher_id, weekday, opens, closes)
     SELECT id, weekday, '09:00', '21:00' FROM teacher, generate_series(1, 6) AS weekday`,
  ],
  [
    'virtual_class',
    `INSERT INTO virtual_class (id, teacher_id, booked_by_id, starts_at, ends_at, class_type, max_participants, price_centavos, status,
       learning_focus, activity_status, paid_at, google_event_id, meet_url, calendar_page_url, summary, description, calendar_state,
       cancelled_at, cancelled_by_id, cancel_reason, fixed_at, event_created_at, link_ready_at, completed_at, link_checked_at,
       attendance_read_at, version, created_at, updated_at)
     SELECT id, teacher_id, host_id, starts_at, starts_at + interval '1 hour', CASE WHEN is_group THEN 'grupal' ELSE 'individual' END, seats,
       centavos, CASE WHEN fate IN ('lapsed', 'returned') THEN 'cancelled' ELSE fate END,
       'Practicar una entrevista de trabajo ' || i, CASE WHEN fate = 'completed' AND j % 2 = 0 THEN 'uploaded' ELSE 'pending' END,
       paid_at, event, 'https://meet.google.com/' || left(event, 12), 'https://calendar.google.com/event?eid=' || event,
       'Clase de inglés', 'Clase virtual', CASE WHEN event IS NULL THEN 'none' ELSE 'synced' END,
       cancelled_at, CASE WHEN fate = 'returned' THEN host_id END,
       CASE fate WHEN 'lapsed' THEN 'hold_expired' WHEN 'returned' THEN 'host_cancelled' END,
       paid_at, paid_at, paid_at, CASE WHEN fate = 'completed' THEN starts_at + interval '1 hour' END, paid_at,
       CASE WHEN fate = 'completed' THEN starts_at + interval '2 hours' END, 3, booked_at, booked_at
     FROM made, LATERAL (
       SELECT CASE WHEN fate <> 'lapsed' THEN booked_at + interval '5 minutes' END AS paid_at,
         CASE WHEN fate <> 'lapsed' THEN 'volumen' || md5('event:' || i) END AS event,
         CASE WHEN fate IN ('lapsed', 'returned') THEN booked_at + interval '1 day' END AS cancelled_at
     ) AS facts`,
  ],
  [
    'class_cancellation',
    `INSERT INTO class_cancellation (class_id, ordinal, reason, by_id, cancelled_at)
     SELECT id, 1, cancel_reason, cancelled_by_id, cancelled_at FROM virtual_class WHERE status = 'cancelled'`,
  ],
  [
    'access_code',
    `INSERT INTO access_code (code, class_id, issued_at, retired_at, retire_reason)
     SELECT upper(lpad(to_hex(i::bigint * 2654435761 % 4294967296), 8, '0')), id, booked_at,
       CASE WHEN fate = 'returned' THEN booked_at + interval '1 day' END, CASE WHEN fate = 'returned' THEN 'cancelled' END
     FROM made WHERE fate <> 'lapsed'`,
  ],
  [
    'task',
    `INSERT INTO task (id, class_id, user_id, title, description, level, content, solved_content, generator, state, publish_at, published_at,
       created_at, updated_at)
     SELECT made_id('task:' || i), id, host_id, 'Ejercicio ' || i, 'Repaso de la clase', 'A2', repeat('- Complete the sentence. ', 20),
       repeat('- The sentence. ', 20), 'manual', 'published', starts_at + interval '2 hours', starts_at + interval '2 hours',
       starts_at + interval '1 hour', starts_at + interval '2 hours'
     FROM made WHERE fate = 'completed' AND j % 2 = 0 OR fate = 'completed' AND host = 0`,
  ],
  [
    'activity_submission',
    `INSERT INTO activity_submission (id, task_id, user_id, started_at, answers, submitted_at, submitted_answers, score, total, updated_at)
     SELECT made_id('submission:' || i), made_id('task:' || i), host_id, at, '{}', at, '{}', 7, 10, at
     FROM made, LATERAL (SELECT starts_at + interval '3 hours' AS at) AS handed_in
     WHERE fate = 'completed' AND (j % 2 = 0 AND j % 8 <> 0 OR host = 0 AND j > 100)`,
  ],
  [
    'participation',
    `INSERT INTO participation (id, user_id, class_id, rol, seat, seats, task_id, completed, attended, attended_minutes, attendance_source,
       attendance_at, created_at, updated_at)
     SELECT made_id('seat:' || i || ':' || seat), made_id('student:' || who), made.id, CASE WHEN seat = 1 THEN 'anfitrion' ELSE 'participante' END,
       seat, seats, CASE WHEN seat = 1 THEN t.id END, s.id IS NOT NULL AND seat = 1, given, CASE WHEN given THEN 55 END,
       CASE WHEN given THEN 'meet' END, CASE WHEN given THEN starts_at + interval '2 hours' END, booked_at, booked_at
     FROM made
     CROSS JOIN LATERAL generate_series(1, 1 + guests) AS seat
     CROSS JOIN LATERAL (
       SELECT CASE WHEN seat = 1 THEN host WHEN ahead AND j = 246 AND seat = 2 THEN 0 ELSE 1 + (host + seat + students - 3) % (students - 1) END AS who,
         CASE WHEN fate = 'completed' THEN true END AS given
     ) AS person
     LEFT JOIN (SELECT id, class_id FROM task) AS t ON t.class_id = made.id
     LEFT JOIN activity_submission AS s ON s.task_id = t.id
     WHERE fate <> 'lapsed'`,
  ],
  [
    'payment_order',
    `INSERT INTO payment_order (id, user_id, class_id, preference_id, init_point, preference_at, amount_centavos, class_type, max_participants,
       status, expires_at, merchant_order_id, approved_at, refunded_centavos, refunded_at, refund_reason, next_check_at, checks, last_asked_at,
       created_at, updated_at)
     SELECT order_id, host_id, id, 'volumen-' || i, 'https://www.mercadopago.com.ar/checkout?pref_id=volumen-' || i, booked_at, centavos,
       CASE WHEN is_group THEN 'grupal' ELSE 'individual' END, seats,
       CASE fate WHEN 'lapsed' THEN 'pending' WHEN 'returned' THEN 'refunded' ELSE 'approved' END, booked_at + interval '15 minutes',
       CASE WHEN fate <> 'lapsed' THEN (20000000000 + i)::text END, CASE WHEN fate <> 'lapsed' THEN booked_at + interval '5 minutes' END,
       CASE WHEN fate = 'returned' THEN centavos ELSE 0 END, CASE WHEN fate = 'returned' THEN booked_at + interval '1 day' END,
       CASE WHEN fate = 'returned' THEN 'host_cancelled' END, CASE WHEN fate = 'scheduled' THEN now + interval '1 day' END, 2, booked_at,
       booked_at, booked_at
     FROM made`,
  ],
  [
    'provider_payment',
    `INSERT INTO provider_payment (id, order_id, status, status_detail, amount_centavos, refunded_centavos, currency, collector_id,
       external_reference, merchant_order_id, operation_type, approved_at, provider_updated_at, role, created_at, updated_at)
     SELECT payment_id, order_id, CASE WHEN fate = 'returned' THEN 'refunded' ELSE 'approved' END, 'accredited', centavos,
       CASE WHEN fate = 'returned' THEN centavos ELSE 0 END, 'ARS', '1', order_id::text, (20000000000 + i)::text, 'regular_payment',
       booked_at + interval '5 minutes', booked_at + interval '5 minutes', 'primary', booked_at, booked_at
     FROM made WHERE fate <> 'lapsed'`,
  ],
  [
    'refund',
    `INSERT INTO refund (id, payment_id, order_id, amount_centavos, reason, state, created_at, updated_at)
     SELECT made_id('refund:' || i), payment_id, order_id, centavos, 'host_cancelled', 'requested', booked_at + interval '1 day',
       booked_at + interval '1 day'
     FROM made WHERE fate = 'returned'`,
  ],
  ['refund approved', `UPDATE refund SET state = 'approved', attempts = 1, provider_refund_id = '3' || payment_id`],
  [
    'webhook_inbox',
    `INSERT INTO webhook_inbox (id, provider, topic, external_id, request_id, signed, received_at, processed_at, outcome)
     SELECT made_id('bell:' || i), 'mercado-pago', 'payment', payment_id, 'request-' || i, true, booked_at, booked_at, 'settled'
     FROM made WHERE fate <> 'lapsed'`,
  ],
  [
    'notice',
    `INSERT INTO notice (id, user_id, class_id, kind, dedupe_key, data, state, attempts, created_at, sent_at)
     SELECT made_id('notice:' || i), host_id, id, 'class_confirmed', 'volumen:' || i, '{}', 'sent', 1, booked_at, booked_at
     FROM made WHERE fate <> 'lapsed'`,
  ],
  [
    'audit_log',
    `INSERT INTO audit_log (id, actor_id, action, subject, subject_id, at)
     SELECT made_id('audit:' || i), host_id, 'class.cancel', 'class', id::text, booked_at + interval '1 day' FROM made WHERE fate = 'returned'`,
  ],
  [
    'attention_case',
    `INSERT INTO attention_case (id, subject, subject_id, reason, opened_at, resolved_at)
     SELECT made_id('case:' || i), 'class', id::text, 'calendar_failed', booked_at, CASE WHEN NOT ahead THEN booked_at + interval '1 hour' END
     FROM made WHERE i % 50 = 0 AND (NOT ahead OR j <= 100)`,
  ],
  [
    'review_card',
    `INSERT INTO review_card (id, user_id, item_hash, item, card, due_at, created_at, updated_at)
     SELECT made_id('card:' || i), host_id, md5('item:' || i), '{}', '{}', starts_at + interval '3 days', starts_at, starts_at
     FROM made WHERE fate = 'completed' AND j % 4 = 0 AND host > 0`,
  ],
  [
    'review_answer',
    `INSERT INTO review_answer (id, card_id, user_id, day, answer, credit, answered_at)
     SELECT made_id('answer:' || i), made_id('card:' || i), host_id, (starts_at + interval '3 days')::date, '{}', 1, starts_at + interval '3 days'
     FROM made WHERE fate = 'completed' AND j % 4 = 0 AND host > 0`,
  ],
  [
    'support_ticket',
    `INSERT INTO support_ticket (id, user_id, ticket_number, description, status, class_id, created_at, updated_at)
     SELECT made_id('ticket:' || i), host_id, 'TKT-' || upper(lpad(to_hex(i), 6, '0')), 'No encuentro el comprobante de mi pago.', 'CLOSED', id,
       booked_at, booked_at
     FROM made WHERE i % 100 = 50`,
  ],
  [
    'support_message',
    `INSERT INTO support_message (id, ticket_id, role, content, created_at)
     SELECT made_id('message:' || i), made_id('ticket:' || i), 'ADMIN', 'Está en Facturación.', booked_at FROM made WHERE i % 100 = 50`,
  ],
  [
    'daily_statement',
    `INSERT INTO daily_statement (day, state, made_at)
     SELECT DISTINCT (booked_at AT TIME ZONE 'America/Argentina/Buenos_Aires')::date, 'balanced', now FROM made`,
  ],
  [
    'calendar_event',
    `INSERT INTO calendar_event (teacher_id, event_id, class_id, etag, starts_at, ends_at, all_day, blocks, content_hash, round)
     SELECT teacher_id, 'volumen' || md5('event:' || i), id, 'etag', starts_at, starts_at + interval '1 hour', false, true, md5('content:' || i), 1
     FROM made WHERE fate = 'scheduled'
     UNION ALL
     SELECT made_id('teacher:' || t), 'propio' || t || '-' || d, NULL, 'etag', at, at + interval '1 hour', false, true, NULL, 1
     FROM plan, generate_series(0, active - 1) AS t, generate_series(1, 40) AS d,
       LATERAL (SELECT date_trunc('day', now) + d * interval '1 day' + interval '13 hours' AS at) AS free`,
  ],
  [
    'calendar_sync',
    `INSERT INTO calendar_sync (teacher_id, read_at, covers_from, covers_to, sync_token, full_at, round)
     SELECT made_id('teacher:' || t), now, now - interval '1 day', now + interval '65 days', 'volumen', now, 1
     FROM plan, generate_series(0, active - 1) AS t`,
  ],
]
