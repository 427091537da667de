import { PATHS, type Wording } from './letter.ts'

export const activityReady: Wording = ({ when, activityId }) => ({
  subject: 'Tu actividad está lista',
  body: [`Ya podés resolver la actividad de tu clase del ${when}: practica lo que vieron y te da una devolución.`],
  action: { label: 'Comenzar actividad', path: PATHS.activity(activityId) },
})

export const activityReminder: Wording = ({ when, activityId }) => ({
  subject: 'Te espera una actividad',
  body: [`Todavía no resolviste la actividad de tu clase del ${when}. Lleva unos minutos.`],
  action: { label: 'Comenzar actividad', path: PATHS.activity(activityId) },
})

export const draftsReady: Wording = ({ when, hostName, classId }) => ({
  subject: 'Hay ejercicios para revisar',
  body: [
    `Los ejercicios de la clase de ${hostName} del ${when} están en borrador: todavía no los vio nadie más.`,
    'Podés leerlos, cambiarlos y publicarlos. Si no hacés nada, se publican solos cuando se cumple el plazo.',
  ],
  action: { label: 'Ver los borradores', path: PATHS.workForTeacher(classId) },
})

export const textsWaiting: Wording = ({ when, hostName, classId }) => ({
  subject: 'Hay un texto para corregir',
  body: [`En los ejercicios de la clase de ${hostName} del ${when} hay un texto que espera tu corrección. Sin ella no tiene puntaje.`],
  action: { label: 'Corregir', path: PATHS.workForTeacher(classId) },
})

export const ticketAnswered: Wording = ({ ticketNumber, ticketId }) => ({
  subject: `Respondimos tu ticket ${ticketNumber}`,
  body: [`Hay una respuesta nueva en tu ticket ${ticketNumber}.`],
  action: { label: 'Ver la respuesta', path: PATHS.ticket(ticketId) },
})

export const calendarDisconnected: Wording = () => ({
  subject: 'Hay que volver a conectar tu calendario de Google',
  body: [
    'Google dejó de aceptar la conexión con tu calendario. Las clases pagadas esperan: se completan solas cuando la vuelvas a conectar.',
  ],
  action: { label: 'Conectar calendario', path: PATHS.calendar },
})

export const linkMissing: Wording = ({ when, hostName, classId }) => ({
  subject: `Falta el enlace de una clase: ${when}`,
  body: [
    `La clase de ${hostName} del ${when} (hora de Argentina) no tiene un enlace que funcione.`,
    'Lo seguimos intentando con Google. Si querés asegurarla ya, pegá el enlace de otra sala en la página de la clase: quienes participan entran con el mismo botón de siempre.',
  ],
  action: { label: 'Ver la clase', path: PATHS.classForTeacher(classId) },
})

export const calendarTrialFailed: Wording = () => ({
  subject: 'Tu calendario no pasó la prueba diaria',
  body: [
    'Todos los días probamos que se puedan crear eventos con enlace en tu calendario. Hoy no se pudo.',
    'Las clases pagadas no se pierden: esperan su enlace. Mirá qué pasó antes de que lo noten tus estudiantes.',
  ],
  action: { label: 'Ver la conexión', path: PATHS.calendar },
})
