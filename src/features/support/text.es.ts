import type { SenderRole, TicketCategory, TicketPriority, TicketStatus } from '../../db/tables.ts'
import type { TicketRefusal } from './rules.ts'

/** Behaviour 4.15; byte-exact where it says so. Without an account the API answers as everywhere. */
export const REFUSAL: Record<TicketRefusal, string> = {
  'short-description': 'El mensaje debe tener al menos 10 carácteres',
  'long-text': 'El mensaje no puede superar los 500 carácteres',
  'empty-message': 'El mensaje no puede estar vacío',
  'bad-category': 'Categoría inválida',
  'bad-change': 'Estado de ticket inválido',
  'unknown-ticket': 'No se encontró el ticket',
  'unknown-class': 'No se encontró la clase',
  'unknown-payment': 'No se encontró el pago',
  closed: 'El ticket está cerrado',
  full: 'La conversación llegó a su límite. Abrí un ticket nuevo.',
  'too-many': 'Demasiadas solicitudes. Probá de nuevo en unos minutos.',
  'no-account': 'No estás autorizado. Inicia sesión.',
}

export const TICKET_STATUS: Record<TicketStatus, string> = {
  OPEN: 'Abierto',
  IN_PROGRESS: 'En Progreso',
  RESOLVED: 'Resuelto',
  CLOSED: 'Cerrado',
}

export const TICKET_PRIORITY: Record<TicketPriority, string> = { LOW: 'Baja', MEDIUM: 'Media', HIGH: 'Alta', URGENT: 'Urgente' }

export const TICKET_CATEGORY: Record<TicketCategory, string> = { BUG: 'Error', PAGOS: 'Pagos', CUENTA: 'Cuenta', GENERAL: 'General' }

export const SENDER: Record<SenderRole, string> = { USER: 'Vos', ADMIN: 'Profesor', SUPPORT_BOT: 'Asistente' }

export const ticketMade = (number: string): string => `Generamos tu ticket para resolver tu inconveniente a la brevedad #${number}`
